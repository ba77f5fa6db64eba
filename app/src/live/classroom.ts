import { DisconnectReason, EngineEvent, type Participant, type Room, RoomEvent } from "livekit-client";
import type { Member, Seat } from "../contracts";
import { Cell } from "../lib/cell";
import { clock, nowSeconds } from "../lib/clock";
import { personOf } from "../lib/ids";
import { fullJitter, sleep } from "../lib/jitter";
import type { Trouble } from "../lib/trouble";
import { type Adult, adultsIn, asAdult, byRank } from "./adults";
import { isAlive } from "./alive";
import type { ChatMessage } from "./chat-log";
import { Talk } from "./chat-talk";
import { takeSeat } from "./connect";
import { Hands } from "./hands";
import { keepLastNode, lastNode } from "./last-node";
import { makeRoom } from "./make-room";
import { HAND_DOWN_TOPIC, HAND_TOPIC, readHand, readHandsDown } from "./messages";
import { Notes } from "./notes";
import { isFresh, liveNameOf } from "./seat-token";
import { Sound } from "./sound";
import { mayOf } from "./steer/permissions";
import { saidOf, watchSaid } from "./steer/said";
import { Steering } from "./steer/steering";
import { type Tile, tilesOf } from "./tiles";
import { type Sender, Wire } from "./wire";

export type Line = "connecting" | "open" | "reconnecting" | "moving" | "lost" | "elsewhere" | "left";

// Newcomers, and those whose line was gone, hear of a raised hand again: at the first try their channel may not be open
// yet, so it is told until it is down. Not all hands in the same instant.
const HAND_AGAIN_AFTER_MS = 1_500;
const HAND_AGAIN_EVERY_MS = 8_000;
const JUST_CAME_MS = 20_000;
const TELL_NEWCOMERS_AFTER_MS = 2_000;
// A server that died takes all its classes with it: the other one gets them over a second, not at once.
const LOST_JITTER_MS = 1_000;
const ASK_AGAIN_MS = 700;

/** One live class, without a screen: who is in it, hands, chat, and the state of the line. It may change its server. */
export class Classroom {
  readonly line = new Cell<Line>("connecting");
  readonly tiles = new Cell<Tile[]>([]);
  /** The grown-ups among the others here, the leading one first. */
  readonly adults = new Cell<Adult[]>([]);
  /** No grown-up is here: nothing of other students is played or shown. Set by the supervision. */
  readonly quiet: Cell<boolean>;
  /** The person this device moves to another server with, or moved last with. */
  readonly following = new Cell("");
  /** Tickets in a row whose seats all failed. */
  readonly failures = new Cell(0);
  /** The browser wants a tap before it plays sound. */
  readonly soundBlocked = new Cell(false);
  /** Which tool is open at the side of this device; "": none. */
  readonly panel = new Cell("");
  /** The own camera's picture stays on this device: somebody saves her line. */
  readonly pictureRests = new Cell(false);
  /** This device is the leading grown-up's: what one of them has to do for all, it does. */
  readonly leading = new Cell(false);
  readonly room: Room;
  /** Words between the devices of this class. */
  readonly wire: Wire;
  /** What the grown-ups of this class have set for everybody. */
  readonly steering: Steering;
  /** What is worth keeping of this class: every tool writes here, the book reads. */
  readonly notes = new Notes();
  /** The chat: what was said, own words on their way, and who may write to whom. */
  readonly talk: Talk;
  readonly #hands = new Hands();
  readonly #sound = new Sound();
  readonly #cameAtMs = new Map<string, number>();
  seat: Seat | null = null;
  placesLost = 0;
  connectedAtMs = 0;
  #seats: readonly Seat[] = [];
  #attempt = 0;
  #onFailure: (seat: Seat, trouble: Trouble) => void = () => {};
  #engine: Room["engine"] | undefined;
  #timers: Record<"hand" | "newcomers", ReturnType<typeof setTimeout> | undefined> = {
    hand: undefined, newcomers: undefined,
  };

  /** `leads`: this device is a grown-up's. `needsTicket` is called when no seat it has can be taken. */
  constructor(
    readonly me: string,
    readonly myName: string,
    readonly meeting: string,
    public members: readonly Member[],
    readonly leads: boolean,
    readonly needsTicket: () => void,
  ) {
    this.room = makeRoom({ teacher: leads });
    this.wire = new Wire(this.room);
    this.steering = new Steering(() => this.room.localParticipant.identity, () => leads, this.wire);
    this.wire.on(HAND_TOPIC, (value, from) => this.#heardHand(value, from));
    this.wire.on(HAND_DOWN_TOPIC, (value, from) => from.adult && this.#lower(readHandsDown(value)));
    watchSaid(this, () => this.#look());
    this.talk = new Talk({
      me, leads, wire: this.wire, steering: this.steering, notes: this.notes,
      people: () => [...this.room.remoteParticipants.values()].map((one) => ({ identity: one.identity, sub: personOf(one.identity), adult: asAdult(one) !== null })),
      leading: () => this.leading.value,
      now: () => clock.now(),
    });
    this.quiet = new Cell(!leads);
    this.#sound.quiet(!leads);
    this.quiet.watch(() => {
      this.#sound.quiet(this.quiet.value);
      this.#look();
    });
    for (const event of LOOK_AGAIN) this.room.on(event, () => this.#look());
    this.room
      .on(RoomEvent.TrackSubscribed, (track, _publication, from) => this.#sound.play(track, from))
      .on(RoomEvent.TrackUnsubscribed, (track) => this.#sound.stop(track))
      .on(RoomEvent.AudioPlaybackStatusChanged, () => this.soundBlocked.set(!this.room.canPlaybackAudio))
      .on(RoomEvent.Reconnecting, () => this.#silent())
      .on(RoomEvent.SignalReconnecting, () => this.#silent())
      .on(RoomEvent.Reconnected, () => this.#back())
      .on(RoomEvent.Disconnected, (reason) => this.#disconnected(reason))
      .on(RoomEvent.ParticipantConnected, (one) => this.#came(one))
      .on(RoomEvent.ParticipantActive, () => this.#tellNewcomersSoon())
      .on(RoomEvent.ParticipantDisconnected, (one) => this.#gone(one));
  }

  get hands(): Cell<string[]> {
    return this.#hands.up;
  }

  get chat(): Cell<ChatMessage[]> {
    return this.talk.messages;
  }

  /** Enter with a ticket's seats. A new ticket for the very class this device is in changes nothing but the keys. */
  async connect(seats: readonly Seat[], onFailure: (seat: Seat, trouble: Trouble) => void): Promise<void> {
    this.#seats = seats;
    this.#onFailure = onFailure;
    if (this.line.value === "open" && this.seat && this.#again(this.seat)) return;
    // Whoever was in class goes back to where she was, also after a reload: the others are there.
    const before = this.seat?.node ?? lastNode(this.meeting);
    await this.#enter(first(seats, (seat) => seat.node === before), "connecting");
  }

  /** Move to another server of this class, with whom leads it. Says whether it is there now. */
  async moveTo(seat: Seat, adult: string): Promise<boolean> {
    this.following.set(adult);
    await this.#enter(first(this.#seats, (one) => one.node === seat.node), "moving");
    return this.seat?.node === seat.node;
  }

  /** The servers of this class where this device is not, as long as its keys are good. */
  otherSeats(): Seat[] {
    return this.#seats.filter((seat) => seat.node !== this.seat?.node && isFresh(seat, nowSeconds()));
  }

  async leave(): Promise<void> {
    this.#attempt++;
    this.talk.stop();
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.line.set("left");
    await this.room.disconnect();
  }

  async raiseHand(up: boolean): Promise<void> {
    const at = clock.now();
    if (up && this.#hands.raise(this.me, { saidAt: at, nowMs: at, justCame: false })) this.#noteHand(this.me, at);
    if (!up) this.#hands.lower(this.me);
    await this.#tellHand(up);
    this.#tellHandAfter(HAND_AGAIN_EVERY_MS);
  }

  /** Lower these hands on every device: a grown-up's word. */
  async lowerHands(subs: readonly string[]): Promise<void> {
    if (!this.leads || subs.length === 0) return;
    this.#lower(subs);
    await this.wire.send(HAND_DOWN_TOPIC, { subs }).catch(() => undefined);
  }

  /** Names that came later than the class: a grown-up who looks in asks the office for them. */
  learnMembers(members: readonly Member[]): void {
    this.members = members;
    this.#look();
  }

  async #enter(seats: readonly Seat[], line: Line): Promise<void> {
    const attempt = ++this.#attempt;
    const stopped = (): boolean => attempt !== this.#attempt;
    this.line.set(line);
    await this.room.disconnect();
    if (line === "lost") await sleep(fullJitter(0, LOST_JITTER_MS, LOST_JITTER_MS));
    if (stopped()) return;
    const fresh = seats.filter((seat) => isFresh(seat, nowSeconds()));
    if (fresh.length === 0 && seats.length > 0) {
      this.line.set("lost");
      return this.needsTicket();
    }
    try {
      const seat = await takeSeat(this.room, { seats: fresh, afterLoss: line === "lost", onFailure: this.#onFailure, stopped });
      if (!stopped()) this.#entered(seat);
    } catch {
      if (stopped()) return;
      this.failures.set(this.failures.value + 1);
      this.line.set("lost");
      this.needsTicket();
    }
  }

  #entered(seat: Seat): void {
    this.seat = seat;
    keepLastNode(this.meeting, seat.node);
    this.connectedAtMs = performance.now();
    this.failures.set(0);
    this.#keepKeysFresh();
    this.#look();
    this.line.set("open");
    this.soundBlocked.set(!this.room.canPlaybackAudio);
    this.#tellHandAfter(HAND_AGAIN_AFTER_MS);
  }

  /** The live server renews a token every 5 minutes; one token opens all servers of the class, so each is kept. */
  #keepKeysFresh(): void {
    const { engine } = this.room;
    if (this.#engine === engine) return;
    this.#engine = engine;
    engine.on(EngineEvent.TokenRefreshed, (token) => {
      if (!this.seat || liveNameOf(token) !== liveNameOf(this.seat.token)) return;
      this.seat = { ...this.seat, token };
      this.#seats = this.#seats.map((seat) => ({ ...seat, token }));
    });
  }

  /** Whether the new seats are for the class this device is in now; if so, its seat is renewed. */
  #again(held: Seat): boolean {
    const same = this.#seats.find((seat) => seat.node === held.node && liveNameOf(seat.token) === liveNameOf(held.token));
    if (same) this.seat = same;
    return same !== undefined;
  }

  #silent(): void {
    if (this.line.value !== "open") return;
    this.line.set("reconnecting");
    void this.#doubt(this.#attempt);
  }

  /**
   * The line fell silent. Is it this server, and does another one stand by? Then nobody waits for it. While it is up, or
   * when none can be reached (the line of this device), LiveKit's own tries go on.
   */
  async #doubt(attempt: number): Promise<void> {
    const doubted = (): boolean => attempt === this.#attempt && this.line.value === "reconnecting";
    while (doubted() && this.seat) {
      const others = this.otherSeats();
      if (!(await isAlive(this.seat)) && doubted() && (await Promise.all(others.map(isAlive))).includes(true)) {
        if (doubted()) this.#lost();
        return;
      }
      await sleep(ASK_AGAIN_MS);
    }
  }

  #back(): void {
    if (this.line.value === "reconnecting") this.line.set("open");
    this.#look();
  }

  #disconnected(reason?: DisconnectReason): void {
    // While entering, `takeSeat` decides; after `leave` there is nothing to say.
    if (this.line.value !== "open" && this.line.value !== "reconnecting") return;
    // The same device opened the class in another window: two windows must not take the seat from each other for ever.
    if (reason === DisconnectReason.DUPLICATE_IDENTITY) return this.line.set("elsewhere");
    if (reason !== undefined && ASK_THE_DOOR.has(reason)) {
      this.line.set("lost");
      return this.needsTicket();
    }
    return this.#lost();
  }

  #lost(): void {
    this.placesLost++;
    const lost = this.seat?.node;
    void this.#enter(first(this.#seats, (seat) => seat.node !== lost), "lost");
  }

  #heardHand(value: unknown, from: Sender): void {
    const hand = readHand(value);
    if (hand?.up) {
      const raised = this.#hands.raise(from.sub, { saidAt: hand.at, nowMs: clock.now(), justCame: this.#justCame(from.identity) });
      if (raised) this.#noteHand(from.sub, hand.at);
    } else if (hand) this.#hands.lower(from.sub);
  }

  #lower(subs: readonly string[]): void {
    const mine = this.#hands.raisedAt(this.me) !== undefined;
    for (const sub of subs) this.#hands.lower(sub);
    if (!mine || this.#hands.raisedAt(this.me) !== undefined) return;
    clearTimeout(this.#timers.hand);
    // Her own "it is up" may be under way yet: her last word on it has to be that it is down.
    void this.#tellHand(false).catch(() => null);
  }

  #noteHand(sub: string, at: number): void {
    if (Number.isFinite(at)) this.notes.write({ kind: "hand", key: `hand:${sub}:${at}`, sub, at, body: {} });
  }

  #justCame(identity: string): boolean {
    const now = performance.now();
    return now - Math.max(this.connectedAtMs, this.#cameAtMs.get(identity) ?? 0) < JUST_CAME_MS;
  }

  #tellHand(up: boolean): Promise<void> {
    return this.wire.send(HAND_TOPIC, { up, at: this.#hands.raisedAt(this.me) ?? clock.now() });
  }

  #tellHandAfter(ms: number): void {
    clearTimeout(this.#timers.hand);
    if (this.#hands.raisedAt(this.me) === undefined) return;
    this.#timers.hand = setTimeout(
      () => {
        // Without a line it is told at the next turn.
        void this.#tellHand(true).catch(() => null);
        this.#tellHandAfter(HAND_AGAIN_EVERY_MS);
      },
      ms * (0.75 + Math.random() / 2),
    );
  }

  /**
   * The leading grown-up's device tells newcomers the rules of the class and what was said before them; every grown-up's
   * tells a grown-up who comes, who may be the one to lead from now on.
   */
  #tellNewcomersSoon(): void {
    if (!this.leads) return;
    clearTimeout(this.#timers.newcomers);
    this.#timers.newcomers = setTimeout(() => {
      const all = [...this.room.remoteParticipants.values()].filter((one) => this.#justCame(one.identity));
      const told = all.filter((one) => this.leading.value || asAdult(one)).map((one) => one.identity);
      if (told.length === 0) return;
      void this.steering.tell(told).catch(() => null);
      void this.talk.tellNewcomers(told);
    }, TELL_NEWCOMERS_AFTER_MS);
  }

  #came(one: Participant): void {
    this.#cameAtMs.set(one.identity, performance.now());
    this.#tellHandAfter(HAND_AGAIN_AFTER_MS);
  }

  #gone(one: Participant): void {
    const sub = personOf(one.identity);
    const still = [...this.room.remoteParticipants.values()].some((other) => personOf(other.identity) === sub);
    if (!still) this.#hands.left(sub, clock.now());
  }

  #look(): void {
    const adults = adultsIn(this.room).sort(byRank(this.members));
    const same = adults.map((one) => one.identity).join() === this.adults.value.map((one) => one.identity).join();
    if (!same) this.adults.set(adults);
    const me = this.leads ? asAdult(this.room.localParticipant) : null;
    this.leading.set(me !== null && (!adults[0] || byRank(this.members)(me, adults[0]) < 0));
    const said = saidOf(this);
    const waits = (sub: string): boolean => mayOf(said, sub).waits;
    this.tiles.set(
      tilesOf(this.room, { members: this.members, quiet: this.quiet.value, leads: this.leads, myName: this.myName, waits }),
    );
  }
}

/** Those first for which it is true, in their order; then the others. */
function first<T>(all: readonly T[], isFirst: (one: T) => boolean): T[] {
  return [...all.filter(isFirst), ...all.filter((one) => !isFirst(one))];
}

// Somebody ended it on purpose: only a door says where to go now.
const ASK_THE_DOOR = new Set([DisconnectReason.PARTICIPANT_REMOVED, DisconnectReason.ROOM_DELETED]);

const LOOK_AGAIN = [
  RoomEvent.ParticipantConnected, RoomEvent.ParticipantDisconnected, RoomEvent.ParticipantActive, RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed, RoomEvent.TrackMuted, RoomEvent.TrackUnmuted, RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished, RoomEvent.ActiveSpeakersChanged, RoomEvent.Connected, RoomEvent.Reconnected,
  RoomEvent.ParticipantAttributesChanged, RoomEvent.TrackPublished, RoomEvent.TrackUnpublished,
  RoomEvent.TrackSubscriptionPermissionChanged, RoomEvent.TrackSubscriptionStatusChanged,
] as const;
