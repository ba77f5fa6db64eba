import { RoomEvent } from "livekit-client";
import { Cell } from "../../lib/cell";
import { isRecord } from "../../lib/request";
import type { Classroom } from "../classroom";
import { nowMs } from "./now";
import { GROUPS, placeOfPerson } from "./rule";
import { nextStep } from "./steps";
import { ASK_TOPIC, HEARD_TOPIC, HELP_TOPIC, readCall, readSaid, readSeat, SAY_TOPIC, SEAT_TOPIC, TALK_TOPIC } from "./topics";

const TICK_MS = 500;
const ASK_EVERY_MS = 3_000;
const CALL_EVERY_MS = 4_000;
const TALK_EVERY_MS = 3_000;

/** A call for help: not made; made and not heard yet; on a grown-up's screen; somebody has tapped it, and comes now or later. */
export type Help = "none" | "calling" | "shown" | "coming" | "later";

/** A student's device: it goes where the grown-ups' rule says, asks for its seat, and carries her call for help. */
export class StudentGroups {
  readonly help = new Cell<Help>("none");
  /** The last words of a grown-up to all groups. */
  readonly said = new Cell<{ text: string; sub: string; at: number } | null>(null);
  #callAt = 0;
  #moving = false;
  #cameMs = performance.now();
  #adultMs: number | null = null;
  #askedMs = Number.NEGATIVE_INFINITY;
  #calledMs = Number.NEGATIVE_INFINITY;
  #talkedMs = Number.NEGATIVE_INFINITY;
  #spokeMs = 0;

  constructor(readonly classroom: Classroom) {}

  start(): () => void {
    const { classroom } = this;
    const rule = classroom.steering.cell(GROUPS);
    const look = (): void => void this.#look();
    const talk = (): void => this.#talk(0);
    const timer = setInterval(() => {
      look();
      this.#talk(TICK_MS); // whoever speaks without a pause is heard of as well
    }, TICK_MS);
    classroom.room.on(RoomEvent.ActiveSpeakersChanged, talk);
    const stops = [
      rule.watch(look),
      classroom.line.watch(look),
      classroom.adults.watch(look),
      classroom.group.watch(() => this.#arrived()),
      classroom.wire.on(SEAT_TOPIC, (value, from) => {
        const seat = from.adult && readSeat(value);
        if (!seat) return;
        classroom.holdSeat(seat.group, seat.token);
        look();
      }),
      classroom.wire.on(HEARD_TOPIC, (value, from) => {
        const heard = from.adult && readCall(value);
        if (!heard || heard.at !== this.#callAt || this.help.value === "none") return;
        if (heard.over) this.help.set(heard.later ? "later" : "coming");
        else if (this.help.value === "calling") this.help.set("shown");
      }),
      classroom.wire.on(SAY_TOPIC, (value, from) => {
        const text = from.adult && readSaid(value);
        if (text) this.said.set({ text, sub: from.sub, at: isRecord(value) && typeof value.at === "number" ? value.at : nowMs() });
      }),
    ];
    return () => {
      clearInterval(timer);
      classroom.room.off(RoomEvent.ActiveSpeakersChanged, talk);
      for (const stop of stops) stop();
    };
  }

  /** Call a grown-up into this group; or, with a second tap, no longer. */
  callHelp(): void {
    if (this.help.value !== "calling" && this.help.value !== "shown") {
      this.#callAt = nowMs();
      this.help.set("calling");
    } else {
      this.help.set("none");
      void this.#tellCall(true);
    }
    this.#calledMs = Number.NEGATIVE_INFINITY;
    void this.#look();
  }

  #arrived(): void {
    this.#cameMs = performance.now();
    this.#adultMs = null;
    this.help.set("none");
  }

  async #look(): Promise<void> {
    const { classroom } = this;
    const now = performance.now();
    if (classroom.line.value !== "open" || this.#moving) {
      if (this.#adultMs === null) this.#cameMs = now; // she is not there yet
      return;
    }
    if (classroom.adults.value.length > 0) this.#adultMs = now;
    const groups = classroom.steering.cell(GROUPS).value;
    const step = nextStep({
      told: groups.round > 0,
      mine: placeOfPerson(groups, classroom.me),
      here: classroom.group.value,
      seat: classroom.heldGroup,
      aloneMs: classroom.adults.value.length > 0 ? 0 : now - (this.#adultMs ?? this.#cameMs),
      hadAdult: this.#adultMs !== null,
    });
    if (step === "ask") this.#ask(now);
    if (step === "go" || step === "back") {
      this.#moving = true;
      try {
        if (step === "back") await classroom.enterClass();
        else if (await classroom.enterGroup()) this.#note(groups.round);
      } finally {
        this.#moving = false;
        this.#arrived();
      }
      return;
    }
    const waits = this.help.value === "calling" || this.help.value === "shown";
    if (waits && now - this.#calledMs >= CALL_EVERY_MS) {
      this.#calledMs = now;
      void this.#tellCall(false);
    }
  }

  /** Her own device tells the register that she took part; the teacher's writes the same note, with the same key. */
  #note(round: number): void {
    const { group, me, notes } = this.classroom;
    notes.write({ kind: "group", key: `group:${round}:${group.value}:${me}`, sub: me, at: nowMs(), body: { group: group.value, round } });
  }

  #ask(now: number): void {
    if (now - this.#askedMs < ASK_EVERY_MS) return;
    this.#askedMs = now;
    void this.#tellAdults(ASK_TOPIC, {});
  }

  /** `sinceMs`: how long ago this was asked last. */
  #talk(sinceMs: number): void {
    const now = performance.now();
    const { classroom } = this;
    const speaks = classroom.group.value > 0 && classroom.room.localParticipant.isSpeaking;
    if (classroom.group.value === 0) this.#spokeMs = 0;
    if (speaks) this.#spokeMs += sinceMs;
    if (!(speaks || this.#spokeMs > 0) || now - this.#talkedMs < TALK_EVERY_MS) return;
    this.#talkedMs = now;
    void this.#tellAdults(TALK_TOPIC, { ms: Math.round(this.#spokeMs) });
    this.#spokeMs = 0;
  }

  #tellCall = (over: boolean): Promise<void> => this.#tellAdults(HELP_TOPIC, { at: this.#callAt, over });

  async #tellAdults(topic: string, value: object): Promise<void> {
    const to = this.classroom.adults.value.map((one) => one.identity);
    // Without a line it is said again at the next turn.
    if (to.length > 0) await this.classroom.wire.send(topic, value, to).catch(() => undefined);
  }
}
