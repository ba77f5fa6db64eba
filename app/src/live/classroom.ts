import { DisconnectReason, EngineEvent, type Participant, type Room, RoomEvent } from "livekit-client";
import type { Member, Seat } from "../contracts";
import { Cell } from "../lib/cell";
import { clock, nowSeconds } from "../lib/clock";
import { personOf } from "../lib/ids";
import { fullJitter, sleep } from "../lib/jitter";
import type { Trouble } from "../lib/trouble";
import { type Adult, adultsIn, asAdult, byRank } from "./adults";
import { isReplaceable } from "./alive";
import type { ChatMessage } from "./chat-log";
import { Talk } from "./chat-talk";
import { takeSeat } from "./connect";
import { HandTalk } from "./hand-talk";
import { keepLastNode, lastNode } from "./last-node";
import { type HeldSeat, heldSeat, keepHeldSeat } from "./groups/held-seat";
import { makeRoom } from "./make-room";
import { Newcomers } from "./newcomers";
import { Notes } from "./notes";
import { isFresh, liveNameOf } from "./seat-token";
import { Sound } from "./sound";
import { mayOf } from "./steer/permissions";
import { saidOf, watchSaid } from "./steer/said";
import { Steering } from "./steer/steering";
import { LOOK_AGAIN, type Tile, tilesOf } from "./tiles";
import { Wire } from "./wire";

export type Line = "connecting" | "open" | "reconnecting" | "moving" | "lost" | "elsewhere" | "left";

// A server that died takes all its classes with it: the other one gets them over a second, not at once.
const LOST_JITTER_MS = 1_000;

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
  /** The group this device is in; 0: the class itself. A group is a place of its own on the same live servers. */
  readonly group = new Cell(0);
  /** Which way this device moves now, when it is between the class and a group. */
  readonly going = new Cell<"" | "group" | "class">("");
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
  /** Raised hands: the own one, and a grown-up's word on others'. */
  readonly handTalk: HandTalk;
  readonly #sound = new Sound();
  readonly #newcomers = new Newcomers();
  seat: Seat | null = null;
  placesLost = 0;
  #seats: readonly Seat[] = [];
  /** The class's own, to come back with from a group. */
  #main: readonly Seat[] = [];
  #held: HeldSeat | null;
  #attempt = 0;
  #onFailure: (seat: Seat, trouble: Trouble) => void = () => {};
  #engine: Room["engine"] | undefined;

  /** `leads`: this device is a grown-up's. `needsTicket` is called when no seat it has can be taken. */
  constructor(
    readonly me: string,
    readonly myName: string,
    readonly meeting: string,
    public members: readonly Member[],
    readonly leads: boolean,
    readonly needsTicket: () => void,
  ) {
    this.#held = leads ? null : heldSeat(meeting);
    this.room = makeRoom({ teacher: leads });
    this.wire = new Wire(this.room);
    this.steering = new Steering(() => this.room.localParticipant.identity, () => leads, this.wire);
    this.handTalk = new HandTalk({
      me, leads, wire: this.wire, notes: this.notes, justCame: (identity) => this.#newcomers.has(identity), now: () => clock.now(),
    });
    watchSaid(this, () => this.#look());
    this.talk = new Talk({
      me, leads, wire: this.wire, steering: this.steering, notes: this.notes,
      people: () => [...this.room.remoteParticipants.values()].map((one) => ({ identity: one.identity, sub: personOf(one.identity), adult: asAdult(one) !== null })),
      leading: () => this.leading.value,
      group: () => this.group.value,
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
      .on(RoomEvent.ParticipantActive, () => {
        queueMicrotask(() => this.#look()); // the client says so a step before it knows it itself
        this.#tellNewcomersSoon();
      })
      .on(RoomEvent.ParticipantDisconnected, (one) => this.#gone(one));
  }

  /** When this device came to the server it is on, by performance.now(). */
  get connectedAtMs(): number {
    return this.#newcomers.cameMs;
  }

  get hands(): Cell<string[]> {
    return this.handTalk.up;
  }

  get chat(): Cell<ChatMessage[]> {
    return this.talk.messages;
  }

  /** Enter with a ticket's seats. A new ticket for the very class this device is in changes nothing but the keys. */
  async connect(seats: readonly Seat[], onFailure: (seat: Seat, trouble: Trouble) => void): Promise<void> {
    this.#main = seats;
    this.#onFailure = onFailure;
    const held = this.#held && this.#isGood(this.#held) ? this.#held : null;
    if (held && held.group === this.group.value && this.line.value === "open") return;
    this.#stand(held);
    if (this.line.value === "open" && this.seat && this.#again(this.seat)) return;
    // Whoever was in class goes back to where she was, also after a reload: the others are there.
    const before = this.seat?.node ?? lastNode(this.meeting);
    await this.#enter(first(this.#seats, (seat) => seat.node === before), "connecting");
  }

  /** Move to another server of this class, with whom leads it. Says whether it is there now. */
  async moveTo(seat: Seat, adult: string): Promise<boolean> {
    this.following.set(adult);
    await this.#enter(first(this.#seats, (one) => one.node === seat.node), "moving");
    return this.seat?.node === seat.node;
  }

  /** The class's own seats, whether this device is in a group or not. */
  get mainSeats(): readonly Seat[] {
    return this.#main;
  }

  /** The group this device holds a seat for that it can still take; 0: none. */
  get heldGroup(): number {
    return this.#held && this.#isGood(this.#held) ? this.#held.group : 0;
  }

  /** Take a seat in a group as given: `enterGroup` goes there. */
  holdSeat(group: number, token: string): void {
    const main = liveNameOf(this.#main[0]?.token ?? "");
    this.#hold({ meeting: this.meeting, main, group, token });
  }

  /** Go to the group whose seat this device holds. Says whether it is there now; if not, it is on its way back. */
  async enterGroup(): Promise<boolean> {
    if (!this.#held || !this.#isGood(this.#held)) return false;
    const { group } = this.#held;
    this.following.set("");
    this.going.set("group");
    this.#stand(this.#held);
    await this.#enter(first(this.#seats, (seat) => seat.node === this.seat?.node), "moving");
    return this.group.value === group && this.line.value === "open";
  }

  /** Come back from a group into the class. */
  async enterClass(): Promise<void> {
    if (this.group.value === 0) return;
    this.following.set("");
    this.going.set("class");
    this.#leaveGroup();
    await this.#enter(first(this.#seats, (seat) => seat.node === this.seat?.node), "moving");
  }

  /** The servers of this class where this device is not, as long as its keys are good. */
  otherSeats(): Seat[] {
    return this.#seats.filter((seat) => seat.node !== this.seat?.node && isFresh(seat, nowSeconds()));
  }

  async leave(): Promise<void> {
    this.#attempt++;
    this.talk.stop();
    this.handTalk.stop();
    this.#newcomers.stop();
    this.line.set("left");
    await this.room.disconnect();
  }

  /** The devices from which a person is here, as the live server names them; none: she is not. */
  devicesOf(sub: string): readonly string[] {
    return this.tiles.value.find((tile) => tile.sub === sub)?.devices ?? [];
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
    if (fresh.length === 0 && seats.length > 0 && this.group.value > 0) return this.enterClass();
    if (fresh.length === 0 && seats.length > 0) {
      this.line.set("lost");
      return this.needsTicket();
    }
    try {
      const seat = await takeSeat(this.room, { seats: fresh, afterLoss: line === "lost", onFailure: this.#onFailure, stopped });
      if (!stopped()) this.#entered(seat);
    } catch {
      if (stopped()) return;
      // None of the class's servers has the group: the class itself is where she is looked for.
      if (this.group.value > 0) return this.enterClass();
      this.failures.set(this.failures.value + 1);
      this.line.set("lost");
      this.needsTicket();
    }
  }

  #entered(seat: Seat): void {
    this.seat = seat;
    keepLastNode(this.meeting, seat.node);
    this.#newcomers.cameMs = performance.now();
    this.failures.set(0);
    this.going.set("");
    this.#keepKeysFresh();
    this.#look();
    this.line.set("open");
    this.soundBlocked.set(!this.room.canPlaybackAudio);
    this.handTalk.tellSoon();
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
      if (this.group.value === 0) this.#main = this.#seats;
      else if (this.#held) this.#hold({ ...this.#held, token });
    });
  }

  /** Stand in a group with this seat, or in the class: which servers' seats are tried from now on. */
  #stand(held: HeldSeat | null): void {
    this.#seats = held ? this.#main.map((seat) => ({ ...seat, token: held.token })) : this.#main;
    this.group.set(held?.group ?? 0);
  }

  #leaveGroup(): void {
    this.#hold(null);
    this.#stand(null);
  }

  /** Only a student's device goes back into its group after a reload. */
  #hold(held: HeldSeat | null): void {
    this.#held = held;
    if (!this.leads) keepHeldSeat(held);
  }

  /** Of this turn of the class, and not too old to be taken. */
  #isGood(held: HeldSeat): boolean {
    const [seat] = this.#main;
    return seat !== undefined && liveNameOf(seat.token) === held.main && isFresh({ ...seat, token: held.token }, nowSeconds());
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

  /** The line fell silent. When it is this server, and another one stands by, nobody waits for it. */
  async #doubt(attempt: number): Promise<void> {
    const doubted = (): boolean => attempt === this.#attempt && this.line.value === "reconnecting";
    if (this.seat && (await isReplaceable(this.seat, { others: () => this.otherSeats(), doubted }))) this.#lost();
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
      if (this.group.value > 0) this.#leaveGroup();
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

  /**
   * The leading grown-up's device tells newcomers the rules of the class and what was said before them; every grown-up's
   * tells a grown-up who comes, who may be the one to lead from now on.
   */
  #tellNewcomersSoon(): void {
    if (!this.leads) return;
    this.#newcomers.soon(() => {
      const all = [...this.room.remoteParticipants.values()].filter((one) => this.#newcomers.has(one.identity));
      const told = all.filter((one) => this.leading.value || asAdult(one)).map((one) => one.identity);
      if (told.length === 0) return;
      void this.steering.tell(told).catch(() => null);
      void this.talk.tellNewcomers(told);
    });
  }

  #came(one: Participant): void {
    this.#newcomers.came(one.identity);
    this.handTalk.tellSoon();
  }

  #gone(one: Participant): void {
    const sub = personOf(one.identity);
    const still = [...this.room.remoteParticipants.values()].some((other) => personOf(other.identity) === sub);
    if (!still) this.handTalk.left(sub);
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
