import { DisconnectReason, type Participant, type RemoteTrack, type Room, RoomEvent, Track } from "livekit-client";
import type { Member, Seat } from "../contracts";
import { Cell } from "../lib/cell";
import { personOf } from "../lib/ids";
import type { Trouble } from "../lib/trouble";
import { takeSeat } from "./connect";
import { makeRoom } from "./make-room";
import { ChatPace, CHAT_TOPIC, encode, HAND_TOPIC, readChat, readHand } from "./messages";
import { type Tile, tilesOf } from "./tiles";

export type Line = "connecting" | "open" | "reconnecting" | "lost" | "elsewhere" | "left";

export interface ChatMessage {
  key: number;
  sub: string;
  text: string;
}

// Newcomers, and those whose line was gone, hear of a raised hand again: at the first try their channel may not be open
// yet, so it is told until it is down. Not all hands in the same instant.
const HAND_AGAIN_AFTER_MS = 1_500;
const HAND_AGAIN_EVERY_MS = 8_000;
const CHAT_KEEP_AT_MOST = 200;

/** One live class, without a screen: who is in it, hands, chat, and the state of the line. */
export class Classroom {
  readonly line = new Cell<Line>("connecting");
  readonly tiles = new Cell<Tile[]>([]);
  /** Persons with a raised hand, first raised first. */
  readonly hands = new Cell<string[]>([]);
  readonly chat = new Cell<ChatMessage[]>([]);
  /** Tickets in a row whose seats all failed. */
  readonly failures = new Cell(0);
  /** The browser wants a tap before it plays sound. */
  readonly soundBlocked = new Cell(false);
  readonly room: Room;
  seat: Seat | null = null;
  readonly #pace = new ChatPace();
  #messages = 0;
  #handTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly me: string,
    readonly members: readonly Member[],
    readonly unknown: string,
  ) {
    this.room = makeRoom({ teacher: members.find((one) => one.id === me)?.role === "teacher" });
    const again = () => this.#look();
    for (const event of LOOK_AGAIN) this.room.on(event, again);
    this.room
      .on(RoomEvent.TrackSubscribed, (track) => playSound(track))
      .on(RoomEvent.TrackUnsubscribed, (track) => void track.detach().forEach((element) => element.remove()))
      .on(RoomEvent.AudioPlaybackStatusChanged, () => this.soundBlocked.set(!this.room.canPlaybackAudio))
      .on(RoomEvent.Reconnecting, () => this.line.set("reconnecting"))
      .on(RoomEvent.SignalReconnecting, () => this.line.set("reconnecting"))
      .on(RoomEvent.Reconnected, () => this.line.set("open"))
      .on(RoomEvent.Disconnected, (reason) => this.#disconnected(reason))
      .on(RoomEvent.ParticipantConnected, () => this.#tellHandAfter(HAND_AGAIN_AFTER_MS))
      .on(RoomEvent.ParticipantDisconnected, (one) => this.#gone(one))
      .on(RoomEvent.DataReceived, (data, from, _kind, topic) => from && this.#heard(data, from, topic));
  }

  async connect(seats: readonly Seat[], onFailure: (seat: Seat, trouble: Trouble) => void): Promise<void> {
    this.line.set("connecting");
    this.seat = await takeSeat(this.room, seats, onFailure);
    this.line.set("open");
    this.soundBlocked.set(!this.room.canPlaybackAudio);
    this.#tellHandAfter(HAND_AGAIN_AFTER_MS);
    this.#look();
  }

  async leave(): Promise<void> {
    clearTimeout(this.#handTimer);
    this.line.set("left");
    await this.room.disconnect();
  }

  async raiseHand(up: boolean): Promise<void> {
    this.#hand(this.me, up);
    await this.#send(HAND_TOPIC, { up });
    this.#tellHandAfter(HAND_AGAIN_EVERY_MS);
  }

  async say(text: string): Promise<void> {
    await this.#send(CHAT_TOPIC, { text });
    this.#show(this.me, text);
  }

  #send(topic: string, message: { text: string } | { up: boolean }): Promise<void> {
    const data = encode(message) as Uint8Array<ArrayBuffer>;
    return this.room.localParticipant.publishData(data, { reliable: true, topic });
  }

  #heard(data: Uint8Array, from: Participant, topic: string | undefined): void {
    const sub = personOf(from.identity);
    if (topic === HAND_TOPIC) {
      const up = readHand(data);
      if (up !== null) this.#hand(sub, up);
    } else if (topic === CHAT_TOPIC) {
      const text = readChat(data);
      if (text !== null && this.#pace.allows(from.identity, performance.now())) this.#show(sub, text);
    }
  }

  #show(sub: string, text: string): void {
    this.chat.set([...this.chat.value, { key: this.#messages++, sub, text }].slice(-CHAT_KEEP_AT_MOST));
  }

  #hand(sub: string, up: boolean): void {
    const others = this.hands.value.filter((one) => one !== sub);
    if (up === this.hands.value.includes(sub)) return;
    this.hands.set(up ? [...others, sub] : others);
  }

  #tellHandAfter(ms: number): void {
    clearTimeout(this.#handTimer);
    if (!this.hands.value.includes(this.me)) return;
    this.#handTimer = setTimeout(
      () => {
        // Without a line it is told at the next turn.
        void this.#send(HAND_TOPIC, { up: true }).catch(() => null);
        this.#tellHandAfter(HAND_AGAIN_EVERY_MS);
      },
      ms * (0.75 + Math.random() / 2),
    );
  }

  #gone(one: Participant): void {
    const sub = personOf(one.identity);
    const still = [...this.room.remoteParticipants.values()].some((other) => personOf(other.identity) === sub);
    if (!still) this.#hand(sub, false);
  }

  #disconnected(reason?: DisconnectReason): void {
    // While connecting, `takeSeat` decides; after `leave` there is nothing to say.
    if (this.line.value !== "open" && this.line.value !== "reconnecting") return;
    // The same device opened the class in another window: two windows must not take the seat from each other for ever.
    this.line.set(reason === DisconnectReason.DUPLICATE_IDENTITY ? "elsewhere" : "lost");
  }

  #look(): void {
    this.tiles.set(tilesOf(this.room, this.members, this.unknown));
  }
}

const LOOK_AGAIN = [
  RoomEvent.ParticipantConnected, RoomEvent.ParticipantDisconnected, RoomEvent.TrackSubscribed, RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted, RoomEvent.TrackUnmuted, RoomEvent.LocalTrackPublished, RoomEvent.LocalTrackUnpublished,
  RoomEvent.ActiveSpeakersChanged, RoomEvent.Connected, RoomEvent.Reconnected,
] as const;

/** Sound plays from elements of its own; pictures are attached by their tiles. */
function playSound(track: RemoteTrack): void {
  if (track.kind === Track.Kind.Audio) document.body.append(track.attach());
}
