import { ConnectionState, type Participant, type Room, RoomEvent } from "livekit-client";
import { personOf } from "../lib/ids";
import { adultRole, type AdultRole } from "./adults";

/** LiveKit sends up to 15 KiB in one reliable message. */
export const WIRE_AT_MOST_BYTES = 14_000;

/** Who said something. `adult`: of the signed token, so it is true whatever her client says; null: a student, or a guest. */
export interface Sender {
  identity: string;
  sub: string;
  adult: AdultRole | null;
}

export type Hearer = (value: unknown, from: Sender) => void;

/** Words between the devices of one live class, by topic: JSON, reliable, in order. What is heard is nobody's word but its sender's. */
export class Wire {
  readonly #hearers = new Map<string, Set<Hearer>>();

  constructor(readonly room: Room) {
    room.on(RoomEvent.DataReceived, (data, from, _kind, topic) => from && topic && this.#heard(data, from, topic));
  }

  /**
   * Send to everybody in the class, or to these identities only; this device does not hear itself. `to` empty: to nobody
   * (the live server would take an empty list for everybody). While the line is being opened it waits for it.
   * Rejects when there is no line, or when it is larger than WIRE_AT_MOST_BYTES.
   */
  async send(topic: string, value: object, to?: readonly string[]): Promise<void> {
    if (to?.length === 0) return;
    const data = new TextEncoder().encode(JSON.stringify(value)) as Uint8Array<ArrayBuffer>;
    if (data.length > WIRE_AT_MOST_BYTES) throw new RangeError(`${topic}: ${data.length} bytes are too many`);
    await opened(this.room);
    try {
      await this.room.localParticipant.publishData(data, { reliable: true, topic, ...(to && { destinationIdentities: [...to] }) });
    } catch (error) {
      forgetAttempt(this.room);
      throw error;
    }
  }

  /** Hear a topic; `hearer` checks the form of what it gets. Returns how to stop. */
  on(topic: string, hearer: Hearer): () => void {
    const all = this.#hearers.get(topic) ?? new Set();
    this.#hearers.set(topic, all.add(hearer));
    return () => void all.delete(hearer);
  }

  #heard(data: Uint8Array, from: Participant, topic: string): void {
    const hearers = this.#hearers.get(topic);
    if (!hearers || data.length > WIRE_AT_MOST_BYTES) return;
    let value: unknown;
    try {
      value = JSON.parse(new TextDecoder().decode(data));
    } catch {
      return; // not one of ours
    }
    const sender = { identity: from.identity, sub: personOf(from.identity), adult: adultRole(from.attributes) };
    for (const hearer of new Set(hearers)) hearer(value, sender);
  }
}

/** Resolves as soon as the room's line is there, and rejects when it is not being opened. */
async function opened(room: Room): Promise<void> {
  if (room.state === ConnectionState.Connecting) {
    await new Promise<void>((resolve) => {
      const look = (state: ConnectionState): void => {
        if (state === ConnectionState.Connecting) return;
        room.off(RoomEvent.ConnectionStateChanged, look);
        resolve();
      };
      room.on(RoomEvent.ConnectionStateChanged, look);
    });
  }
  if (room.state === ConnectionState.Disconnected) throw new Error("no line");
}

/**
 * LiveKit's client (2.23.0, RTCEngine.ensurePublisherConnected) keeps how its first attempt to send went. After one that
 * failed, on a line too slow to be there in 15 s, every later one would fail as well until the class is opened anew.
 */
function forgetAttempt(room: Room): void {
  const kept = room.engine as unknown as { publisherConnectionPromise?: Promise<void> | undefined };
  kept.publisherConnectionPromise = undefined;
}
