import { DefaultReconnectPolicy, EngineEvent, LocalAudioTrack, Room, RoomEvent, Track } from "livekit-client";
import type { Seat } from "../../contracts";
import { Cell } from "../../lib/cell";
import { clock } from "../../lib/clock";
import { personOf } from "../../lib/ids";
import { adultRole } from "../adults";
import { takeSeat } from "../connect";
import { Hands } from "../hands";
import { throwOut } from "../moderate";
import { Wire } from "../wire";

const RECONNECT_AFTER_MS = [0, 300, 1_200, 2_500];

/** Somebody in a place that is looked after from elsewhere. */
export interface Seen {
  identity: string;
  sub: string;
  adult: boolean;
  /** Neither a grown-up of the class nor a guest. */
  student: boolean;
  /** She looks after it as well, and is not in it. */
  watching: boolean;
}

/**
 * A grown-up's light line into a place where she is not: she is present there for the children, sees who is in it, hears
 * the words between devices, and receives no picture and no sound. She sends her voice only when she speaks to all.
 */
export class Lookout {
  readonly state = new Cell<"opening" | "open" | "lost">("opening");
  readonly people = new Cell<readonly Seen[]>([]);
  readonly hands = new Hands();
  readonly wire: Wire;
  readonly room = new Room({
    disconnectOnPageLeave: true,
    reconnectPolicy: new DefaultReconnectPolicy(RECONNECT_AFTER_MS),
    publishDefaults: { dtx: true, red: true },
  });
  #seat: Seat | null = null;
  #voice: LocalAudioTrack | null = null;
  #voiceOf: MediaStreamTrack | null = null;
  #closed = false;

  constructor(
    readonly group: number,
    readonly came: (one: Seen) => void,
  ) {
    this.wire = new Wire(this.room);
    for (const event of LOOK_AGAIN) this.room.on(event, () => this.#look());
    this.room
      .on(RoomEvent.ParticipantActive, (one) => {
        this.came(asSeen(one.identity, one.attributes));
        queueMicrotask(() => this.#look()); // the client says so a step before it knows it itself
      })
      .on(RoomEvent.ParticipantDisconnected, (one) => this.hands.left(personOf(one.identity), clock.now()))
      .on(RoomEvent.Disconnected, () => this.#gone());
  }

  /** Take the first of these seats that can be had. */
  async open(seats: readonly Seat[]): Promise<void> {
    try {
      const stopped = (): boolean => this.#closed;
      this.#seat = await takeSeat(this.room, { seats, afterLoss: false, onFailure: () => undefined, stopped, listen: false });
      this.room.engine.on(EngineEvent.TokenRefreshed, (token) => (this.#seat = this.#seat && { ...this.#seat, token }));
      if (this.#closed) return void this.room.disconnect();
      this.state.set("open");
      this.#look();
      for (const one of this.people.value) this.came(one);
    } catch {
      this.state.set("lost");
    }
  }

  get seat(): Seat | null {
    return this.#seat;
  }

  /** Put somebody out of this place; her device then asks the door where to go. */
  async fetch(identity: string): Promise<void> {
    if (this.#seat) await throwOut(this.#seat, identity);
  }

  /** Let her voice be heard here, or no longer; asked twice it is one. `track`: hers; this place has a copy of its own. */
  async speak(track: MediaStreamTrack | null): Promise<void> {
    const wanted = this.state.value === "open" ? track : null;
    if (wanted === this.#voiceOf) return;
    this.#voiceOf = wanted;
    const me = this.room.localParticipant;
    const before = this.#voice;
    this.#voice = wanted && new LocalAudioTrack(wanted.clone(), undefined, true);
    if (before) await me.unpublishTrack(before, true);
    if (this.#voice) await me.publishTrack(this.#voice, { source: Track.Source.Microphone, stopMicTrackOnMute: false });
  }

  close(): void {
    this.#closed = true;
    this.#voice?.stop();
    void this.room.disconnect();
  }

  #gone(): void {
    if (!this.#closed && this.state.value === "open") this.state.set("lost");
  }

  #look(): void {
    const people = [...this.room.remoteParticipants.values()].filter((one) => one.isActive);
    this.people.set(people.map((one) => asSeen(one.identity, one.attributes)));
  }
}

const asSeen = (identity: string, attributes: Readonly<Record<string, string>>): Seen => ({
  identity,
  sub: personOf(identity),
  adult: adultRole(attributes) !== null,
  student: attributes.role === "student",
  watching: attributes.watching === "1",
});

const LOOK_AGAIN = [
  RoomEvent.ParticipantConnected, RoomEvent.ParticipantDisconnected, RoomEvent.Connected, RoomEvent.Reconnected,
  RoomEvent.ParticipantAttributesChanged,
] as const;
