import { type Participant, type Room, RoomEvent } from "livekit-client";
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
   * Send to everybody in the class, or to these identities only; this device does not hear itself.
   * Rejects when there is no line, or when it is larger than WIRE_AT_MOST_BYTES.
   */
  async send(topic: string, value: object, to?: readonly string[]): Promise<void> {
    const data = new TextEncoder().encode(JSON.stringify(value)) as Uint8Array<ArrayBuffer>;
    if (data.length > WIRE_AT_MOST_BYTES) throw new RangeError(`${topic}: ${data.length} bytes are too many`);
    await this.room.localParticipant.publishData(data, { reliable: true, topic, ...(to && { destinationIdentities: [...to] }) });
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
