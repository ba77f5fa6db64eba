import { RoomEvent } from "livekit-client";
import type { Seat } from "../../contracts";
import { Cell } from "../../lib/cell";
import { clock } from "../../lib/clock";
import { isRecord } from "../../lib/request";
import type { Sitting } from "../../plan/day";
import type { Classroom } from "../classroom";
import { HAND_TOPIC, readHand } from "../messages";
import { hear, VOICE_COUNTS_FROM_MS } from "../record/heard";
import { speakingIn } from "../record/speaking";
import { liveNameOf } from "../seat-token";
import { deskOf as steerDeskOf } from "../steer/desk";
import { STEER_TOPIC } from "../steer/steering";
import type { Wire } from "../wire";
import { type Call, Calls } from "./calls";
import { askSeats } from "./door";
import { nowMs } from "./now";
import { Places, voiceOf } from "./places";
import { type Groups, GROUPS } from "./rule";
import { Seats } from "./seats";
import { Telling } from "./telling";
import { ASK_TOPIC, HEARD_TOPIC, HELP_TOPIC, readCall, readTalk, SAY_TOPIC, TALK_TOPIC } from "./topics";
import { Spoke, type View, viewsOf, whoIsWhere } from "./views";

const TICK_MS = 1_000;
// A line that hiccups, or a place that moves, makes nobody else the leader.
const STOPPED_LEADING_MS = 4_000;
/** Children are called back; whose device has not moved by then is fetched. */
export const FETCH_AFTER_MS = 8_000;
const FETCH_EVERY_MS = 3_000;
const LOOK_AFTER_CLOSING_MS = 60_000;

/**
 * What a grown-up's device does for the groups. The leading one's holds a light line into every group where she is not,
 * hands out seats, tells each group what is set in the class, shows calls for help, and fetches who does not come back.
 */
export class GroupsDesk {
  readonly views = new Cell<readonly View[]>([]);
  readonly speaking = new Cell(false);
  /** The door gave no seat: what it said is tried again by itself. */
  readonly trouble = new Cell(false);
  readonly #places: Places;
  readonly #calls: Calls;
  readonly #seats: Seats;
  readonly #telling: Telling;
  readonly #spoke = new Spoke();
  readonly #fetchedMs = new Map<string, number>();
  readonly #stop = new AbortController();
  #mainName = "";
  #ledMs = Number.NEGATIVE_INFINITY;
  #busy = false;

  constructor(
    readonly classroom: Classroom,
    readonly sitting: Sitting,
  ) {
    this.#places = new Places(classroom, {
      hear: (wire, groupOf) => this.#hear(wire, groupOf),
      came: (wire, who) => void this.#telling.tellAll(wire, [who.identity]),
    });
    this.#calls = new Calls(classroom, this.#places);
    this.#telling = new Telling(classroom, this.#places);
    this.#seats = new Seats(classroom, sitting, this.#places, this.#stop.signal);
  }

  get groups(): Groups {
    return this.classroom.steering.cell(GROUPS).value;
  }

  /** Its seats in the groups, for who has to act there. */
  get seatsInGroups(): Seat[] {
    return this.#places.lookouts.flatMap((one) => one.seat ?? []);
  }

  get calls(): Cell<readonly Call[]> {
    return this.#calls.open;
  }

  start(): () => void {
    const { classroom } = this;
    const look = (): void => void this.#look();
    const timer = setInterval(look, TICK_MS);
    const stops = [
      classroom.steering.cell(GROUPS).watch(look),
      classroom.steering.changes.watch(() => this.#telling.tellNew()),
      classroom.leading.watch(look),
      classroom.line.watch(look),
      classroom.group.watch(look),
      this.#places.changes.watch(() => this.#show()),
      ...this.#hear(classroom.wire, () => classroom.group.value),
    ];
    const muted = (): void => void this.#voice();
    classroom.room.on(RoomEvent.TrackMuted, muted).on(RoomEvent.LocalTrackUnpublished, muted);
    look();
    return () => {
      clearInterval(timer);
      classroom.room.off(RoomEvent.TrackMuted, muted).off(RoomEvent.LocalTrackUnpublished, muted);
      this.#stop.abort();
      for (const stop of stops) stop();
      this.#closeAll();
    };
  }

  /** Set where everybody is. The wire of this place and of every group carries it. */
  async set(changed: Partial<Groups>): Promise<void> {
    await this.classroom.steering.set(GROUPS, { ...this.groups, ...changed, at: nowMs() });
  }

  /** Open groups as dealt; what is kept of it is a note for each child. */
  async open(how: { of: Record<string, number>; names: string[]; until: number }): Promise<void> {
    const round = this.groups.round + 1;
    this.#calls.clear();
    await this.set({ open: true, round, ...how });
    this.#note(how.of, round);
    void this.#look();
  }

  async everyoneBack(): Promise<void> {
    await this.speak(false);
    await this.set({ open: false, until: 0 });
    if (this.classroom.group.value > 0) await this.classroom.enterClass();
  }

  async put(sub: string, group: number): Promise<void> {
    const { [sub]: _, ...others } = this.groups.of;
    await this.set({ of: group > 0 ? { ...others, [sub]: group } : others });
    if (group > 0) this.#note({ [sub]: group }, this.groups.round);
  }

  /** Walk into a group, or with 0 back into the class. The place she leaves is looked after by a light line. */
  async visit(group: number): Promise<void> {
    await this.speak(false);
    if (group === 0) return this.classroom.enterClass();
    const given = await askSeats(this.sitting, { own: [group], watch: [0] }, this.#stop.signal);
    const [token, watch] = [given.own[String(group)], given.watch["0"]];
    if (watch) this.#places.learn(0, watch);
    if (!token) return;
    this.classroom.holdSeat(group, token);
    if (await this.classroom.enterGroup()) this.#calls.answerAllOf(group);
  }

  answer(call: Call, later = false): void {
    this.#calls.answer(call, later);
  }

  /** Write to all groups and the class: in everybody's chat, and on top of every screen. Rejects without a line. */
  async write(text: string): Promise<void> {
    const { talk, wire } = this.classroom;
    const entry = await talk.tell(text);
    talk.saidIn.set(entry.id, 0); // to whom comes later it is a word to the class, wherever she said it
    const value = { text, at: entry.at };
    await wire.send(SAY_TOPIC, value);
    await this.#places.say(entry, SAY_TOPIC, value);
  }

  /** Speak to all groups at once, or no longer. Her microphone in the place where she is opens with it. */
  async speak(on: boolean): Promise<void> {
    if (on === this.speaking.value) return;
    const me = this.classroom.room.localParticipant;
    if (on && !me.isMicrophoneEnabled) await me.setMicrophoneEnabled(true);
    this.speaking.set(on && voiceOf(this.classroom) !== null);
    await this.#voice();
  }

  /**
   * Her voice is in every place that can hear it now, or in none: also in one whose line came later. Whoever mutes
   * herself, or walks into another place, is heard by nobody.
   */
  async #voice(): Promise<void> {
    const track = this.speaking.value ? voiceOf(this.classroom) : null;
    if (!track) this.speaking.set(false);
    await Promise.allSettled(this.#places.lookouts.map((one) => one.speak(track)));
  }

  async #look(): Promise<void> {
    const { classroom, groups } = this;
    const now = performance.now();
    this.#forgetOldTurn();
    if (classroom.leading.value) this.#ledMs = now;
    const leads = now - this.#ledMs < STOPPED_LEADING_MS || (classroom.line.value !== "open" && this.#places.size > 0);
    const closing = groups.round > 0 && !groups.open && nowMs() - groups.at < LOOK_AFTER_CLOSING_MS;
    if (!leads || !(groups.open || closing)) return this.#closeAll();
    if (classroom.leading.value && groups.open && groups.until > 0 && nowMs() >= groups.until) return void this.everyoneBack();
    this.#places.close((group) => group === classroom.group.value || group > groups.names.length);
    this.#show();
    if (this.#busy || classroom.mainSeats.length === 0) return;
    this.#busy = true;
    try {
      if (classroom.line.value === "open") await this.#holdLines();
      if (!groups.open) await this.#fetchTheRest(now);
      else if (classroom.leading.value || classroom.line.value !== "open") {
        if (groups.auto && classroom.leading.value) await this.#placeLatecomers(now);
        await this.#seats.handOut(this.groups, now);
      }
      await this.#voice();
      this.trouble.set(false);
    } catch {
      this.trouble.set(true); // no door answered: the next tick asks again
    } finally {
      this.#busy = false;
    }
  }

  async #holdLines(): Promise<void> {
    const all = Array.from({ length: this.groups.names.length + 1 }, (_, group) => group);
    const elsewhere = all.filter((group) => group !== this.classroom.group.value);
    await this.#places.hold(elsewhere, async (watch) => (await askSeats(this.sitting, { watch }, this.#stop.signal)).watch);
    if (this.#stop.signal.aborted) this.#closeAll();
  }

  async #placeLatecomers(now: number): Promise<void> {
    const placed = this.#seats.latecomers(this.groups, now);
    if (Object.keys(placed).length === 0) return;
    this.#note(placed, this.groups.round);
    await this.set({ of: { ...this.groups.of, ...placed } });
  }

  /** What is heard in a place: in that of this device, and in those it looks after. */
  #hear(wire: Wire, groupOf: () => number): (() => void)[] {
    const { classroom } = this;
    const own = wire === classroom.wire;
    return [
      wire.on(ASK_TOPIC, (_value, from) => {
        if (from.adult || !classroom.leading.value) return;
        this.#seats.asked(from.identity);
        void this.#telling.tellAll(wire, [from.identity]);
        void this.#look();
      }),
      wire.on(HELP_TOPIC, (value, from) => {
        const call = readCall(value);
        const group = groupOf();
        if (!call || from.adult || group === 0) return;
        this.#calls.heard({ sub: from.sub, group, at: call.at, since: nowMs() }, call.over, this.groups.round);
        if (!call.over) void wire.send(HEARD_TOPIC, { at: call.at, over: false }, [from.identity]).catch(() => undefined);
      }),
      wire.on(TALK_TOPIC, (value, from) => {
        const ms = readTalk(value);
        if (ms === null || from.adult) return;
        this.#spoke.hear(from.sub);
        const speaking = speakingIn(classroom);
        if (!own) speaking.told(from.sub, ms, clock.ticks()); // in her own place she listens herself
        if (speaking.totalMs(from.sub) >= VOICE_COUNTS_FROM_MS) hear(classroom, from.sub, nowMs());
        this.#show();
      }),
      wire.on(STEER_TOPIC, (value, from) => from.adult && isRecord(value) && !own && classroom.steering.learn(value.rules)),
      wire.on(HAND_TOPIC, (value, from) => {
        const hand = readHand(value);
        const hands = this.#places.lookout(groupOf())?.hands;
        if (own || !hand || !hands) return;
        if (!hand.up) return hands.lower(from.sub);
        const raised = hands.raise(from.sub, { saidAt: hand.at, nowMs: nowMs(), justCame: false });
        if (raised && Number.isFinite(hand.at)) classroom.notes.write({ kind: "hand", key: `hand:${from.sub}:${hand.at}`, sub: from.sub, at: nowMs(), body: { group: groupOf() } });
      }),
    ];
  }

  /** Who has not come back by herself: her place in the group is ended, and her device asks the door where to go. */
  async #fetchTheRest(now: number): Promise<void> {
    if (nowMs() - this.groups.at < FETCH_AFTER_MS) return;
    for (const one of this.#places.lookouts) {
      if (one.group === 0) continue;
      for (const { identity } of one.people.value.filter((who) => who.student)) {
        if (now - (this.#fetchedMs.get(identity) ?? Number.NEGATIVE_INFINITY) < FETCH_EVERY_MS) continue;
        this.#fetchedMs.set(identity, now);
        await one.fetch(identity).catch(() => undefined); // an aide's seat may not; then her device comes by itself or stays quiet
      }
    }
  }

  #forgetOldTurn(): void {
    const name = liveNameOf(this.classroom.mainSeats[0]?.token ?? "");
    if (name === this.#mainName || name === "") return;
    this.#mainName = name;
    this.#closeAll();
    this.#places.forget();
    this.#seats.forget();
  }

  #closeAll(): void {
    this.#places.close(() => true);
    if (this.views.value.length > 0) this.views.set([]);
    if (!this.groups.open) this.#calls.clear();
    this.#tellList();
  }

  /** Time in a group is time in class, and what the book keeps is who was in which. */
  #note(of: Readonly<Record<string, number>>, round: number): void {
    const at = nowMs();
    for (const [sub, group] of Object.entries(of)) {
      const body = { group, round, name: this.groups.names[group - 1] ?? "" };
      this.classroom.notes.write({ kind: "group", key: `group:${round}:${group}:${sub}`, sub, at, body });
    }
  }

  #show(): void {
    this.views.set(viewsOf(this.groups, this.classroom, this.#places, this.#spoke));
    this.#tellList();
  }

  /** The class list says in which group each child is; and who is in a group is in class, also when it is locked. */
  #tellList(): void {
    const { groups, seen } = steerDeskOf(this.classroom);
    const where = whoIsWhere(this.views.value);
    for (const sub of where.keys()) seen.add(sub);
    const same = where.size === groups.value.size && [...where].every(([sub, group]) => groups.value.get(sub) === group);
    if (!same) groups.set(where);
  }
}
