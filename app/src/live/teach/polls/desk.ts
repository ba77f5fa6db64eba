import { read, write } from "../../../keep/kept";
import { Cell } from "../../../lib/cell";
import { clock } from "../../../lib/clock";
import { isRecord } from "../../../lib/request";
import type { Classroom } from "../../classroom";
import type { Sender } from "../../wire";
import { onLong, sendLong } from "../pieces";
import { Ballots } from "./ballots";
import { answerOf, count, NO_POLL, type Poll, POLL, readPoll } from "./rule";

const ANSWER_TOPIC = "poll_answer";
const TAKEN_TOPIC = "poll_taken";
const SHARE_TOPIC = "poll_share";
const AGAIN_MS = 3_000;
const TELL_ADULTS_AFTER_MS = 1_500;

/** A student's own answer, and whether a grown-up's device has it. */
export interface Mine {
  poll: string;
  answer: string;
  n: number;
  taken: boolean;
}

/** Questions of one class on this device: a student's answer on its way, or a grown-up's ballots. */
export class PollDesk {
  readonly changes = new Cell(0);
  readonly mine = new Cell<Mine | null>(null);
  readonly ballots = new Ballots();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tell: ReturnType<typeof setTimeout> | undefined;

  /** What was kept has been read: before that, nothing is written over it. */
  #recalled = false;

  constructor(readonly classroom: Classroom) {}

  get rule(): Cell<Poll> {
    return this.classroom.steering.cell(POLL);
  }

  start(): () => void {
    const { classroom } = this;
    const { wire } = classroom;
    const stops = classroom.leads
      ? [
          wire.on(ANSWER_TOPIC, (value, from) => this.#heardAnswer(value, from)),
          onLong(wire, SHARE_TOPIC, (value, from) => from.adult !== null && this.#learn(value)),
          this.rule.watch(() => this.#know()),
          classroom.adults.watch(() => this.#tellAdults()),
        ]
      : [
          wire.on(TAKEN_TOPIC, (value, from) => from.adult !== null && this.#taken(value)),
          classroom.adults.watch(() => this.#askAgain()),
          classroom.line.watch(() => this.#send()),
          this.rule.watch(() => this.#send()),
        ];
    if (classroom.leads) {
      void read("teach_polls").then((held) => {
        if (isRecord(held) && held.meeting === classroom.meeting) this.ballots.merge(held.polls, readPoll);
        this.#recalled = true;
        this.#know();
      });
    } else void read("teach_answers").then((held) => this.#recall(held));
    return () => {
      clearTimeout(this.#timer);
      clearTimeout(this.#tell);
      for (const stop of stops) stop();
    };
  }

  /** Of a grown-up: ask the class. */
  async ask(poll: Pick<Poll, "form" | "question" | "options" | "named">): Promise<void> {
    const id = `p${crypto.randomUUID().slice(0, 12)}`;
    await this.classroom.steering.set(POLL, { ...poll, id, state: "open", result: null });
    this.#note();
  }

  /** Of a grown-up: no more answers; what there is, is noted. */
  async close(): Promise<void> {
    await this.classroom.steering.set(POLL, { ...this.rule.value, state: "closed" });
    const poll = this.rule.value;
    if (poll.named)
      for (const [sub, { answer }] of this.ballots.answers(poll.id))
        this.classroom.notes.write({ kind: "answer", key: `${poll.id}:${sub}`, sub, at: clock.now(), body: { poll: poll.id, answer } });
    this.#note();
  }

  /** Of a grown-up: show the class what it said, without names, or hide it. */
  async show(yes: boolean): Promise<void> {
    await this.classroom.steering.set(POLL, { ...this.rule.value, result: yes ? this.result() : null });
  }

  async putAway(): Promise<void> {
    if (this.rule.value.state === "open") await this.close();
    await this.classroom.steering.set(POLL, NO_POLL);
  }

  result(poll = this.rule.value): { answer: string; count: number }[] {
    return count(poll, [...this.ballots.answers(poll.id).values()].map((one) => one.answer));
  }

  /** Of a student: answer, or answer otherwise. It is told until a grown-up's device has it. */
  answer(given: string): void {
    const poll = this.rule.value;
    const answer = answerOf(poll, given);
    if (poll.state !== "open" || answer === null) return;
    const before = this.mine.value;
    const n = before?.poll === poll.id ? before.n + 1 : 1;
    this.#setMine({ poll: poll.id, answer, n, taken: false });
    // Her own device tells the register that she answered, and no more; the book is the grown-ups' devices'.
    if (!this.classroom.leads) this.classroom.notes.write({ kind: "answer", key: `${poll.id}:${this.classroom.me}`, sub: this.classroom.me, at: clock.now(), body: {} });
    this.#send();
  }

  #setMine(mine: Mine): void {
    this.mine.set(mine);
    void write("teach_answers", { meeting: this.classroom.meeting, mine });
  }

  #recall(held: unknown): void {
    if (this.mine.value || !isRecord(held) || held.meeting !== this.classroom.meeting || !isRecord(held.mine)) return;
    const { poll, answer, n } = held.mine;
    if (typeof poll !== "string" || typeof answer !== "string" || typeof n !== "number") return;
    this.mine.set({ poll, answer, n, taken: false });
    this.#send();
  }

  /** A grown-up came, perhaps without memory: she is told too. */
  #askAgain(): void {
    const mine = this.mine.value;
    if (mine && this.classroom.adults.value.length > 0) this.mine.set({ ...mine, taken: false });
    this.#send();
  }

  #send(): void {
    clearTimeout(this.#timer);
    const mine = this.mine.value;
    const { adults, line, wire } = this.classroom;
    const poll = this.rule.value;
    if (!mine || mine.taken || poll.id !== mine.poll || poll.state !== "open") return;
    const to = adults.value.map((one) => one.identity);
    // To grown-ups only: no classmate's device ever has it.
    if (line.value === "open" && to.length > 0) void wire.send(ANSWER_TOPIC, { poll: mine.poll, answer: mine.answer, n: mine.n }, to).catch(() => undefined);
    this.#timer = setTimeout(() => this.#send(), AGAIN_MS * (0.75 + Math.random() / 2));
  }

  #taken(value: unknown): void {
    const mine = this.mine.value;
    if (!mine || !isRecord(value) || value.poll !== mine.poll || value.n !== mine.n) return;
    this.#setMine({ ...mine, taken: true });
  }

  #heardAnswer(value: unknown, from: Sender): void {
    if (from.adult !== null || !isRecord(value)) return;
    const { poll, answer, n } = value;
    if (typeof poll !== "string" || typeof answer !== "string" || typeof n !== "number") return;
    // A question this device does not know, or closed: not taken, and she who sent it is not told otherwise.
    const taken = this.ballots.take(poll, from.sub, { answer, n });
    if (!taken) return;
    this.#changed();
    void this.#keep().then(() => this.classroom.wire.send(TAKEN_TOPIC, { poll, n }, [from.identity])).catch(() => undefined);
  }

  #know(): void {
    this.ballots.learn(this.rule.value);
    this.#changed();
    void this.#keep();
  }

  #learn(value: unknown): void {
    this.ballots.merge(value, readPoll);
    this.#know();
  }

  #changed(): void {
    this.changes.set(this.changes.value + 1);
  }

  /** Other grown-ups' devices have all answers too: one that is reloaded, or dies, loses none. */
  #tellAdults(): void {
    clearTimeout(this.#tell);
    this.#tell = setTimeout(() => {
      const to = this.classroom.adults.value.map((one) => one.identity);
      if (to.length > 0) void sendLong(this.classroom.wire, SHARE_TOPIC, this.ballots.all(), to).catch(() => undefined);
    }, TELL_ADULTS_AFTER_MS);
  }

  /** Of an anonymous question that is closed, only its numbers are kept. */
  async #keep(): Promise<void> {
    if (this.#recalled) await write("teach_polls", { meeting: this.classroom.meeting, polls: this.ballots.all() });
  }

  #note(): void {
    const { id, form, question, options, named, state } = this.rule.value;
    const body = { form, question, options, named, state, result: this.result() };
    this.classroom.notes.write({ kind: "poll", key: id, sub: "", at: clock.now(), body });
  }
}

const desks = new WeakMap<Classroom, PollDesk>();

export function pollDesk(classroom: Classroom): PollDesk {
  const known = desks.get(classroom) ?? new PollDesk(classroom);
  desks.set(classroom, known);
  return known;
}
