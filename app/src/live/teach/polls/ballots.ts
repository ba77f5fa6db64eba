import { isRecord } from "../../../lib/request";
import { answerOf, type Poll } from "./rule";

/** What one student said to one question. `n` rises when she changes her mind. */
export interface Ballot {
  answer: string;
  n: number;
}

/** The answers to the questions of one class, as a grown-up's device has them: one of each student. */
export class Ballots {
  readonly #polls = new Map<string, { poll: Poll; answers: Map<string, Ballot> }>();

  /** Know a question; of one that is known, whether it is open. */
  learn(poll: Poll): void {
    if (!poll.id) return;
    const held = this.#polls.get(poll.id);
    this.#polls.set(poll.id, { poll, answers: seen(poll, held?.answers ?? new Map()) });
  }

  /** Take an answer while its question is open. Returns whether it counts now, also when it did before. */
  take(id: string, sub: string, ballot: Ballot): boolean {
    const held = this.#polls.get(id);
    const answer = held && answerOf(held.poll, ballot.answer);
    if (!held || !answer || !Number.isSafeInteger(ballot.n) || ballot.n < 1) return false;
    const before = held.answers.get(sub);
    if (before && before.n >= ballot.n) return before.answer === answer || before.n > ballot.n;
    if (held.poll.state !== "open") return false;
    held.answers.set(sub, { answer, n: ballot.n });
    return true;
  }

  answers(id: string): Map<string, Ballot> {
    return this.#polls.get(id)?.answers ?? new Map();
  }

  get polls(): Poll[] {
    return [...this.#polls.values()].map((one) => one.poll);
  }

  /** What to keep over a reload, or to tell another grown-up. */
  all(): { poll: Poll; answers: Record<string, Ballot> }[] {
    return [...this.#polls.values()].map((one) => ({ poll: one.poll, answers: Object.fromEntries(one.answers) }));
  }

  /** Take what was kept, or what another grown-up told: of one student's two answers the later counts. */
  merge(value: unknown, readPoll: (value: unknown) => Poll | null): void {
    if (!Array.isArray(value)) return;
    for (const one of value) {
      const poll = isRecord(one) ? readPoll(one.poll) : null;
      if (!poll || !isRecord(one) || !isRecord(one.answers)) continue;
      const held = this.#polls.get(poll.id) ?? { poll, answers: new Map<string, Ballot>() };
      // Its answers have nobody's name any more, so they cannot be put together: the first count stays.
      if (forgotten(held.poll) && held.answers.size > 0) continue;
      for (const [sub, ballot] of Object.entries(one.answers)) {
        if (!isRecord(ballot) || typeof ballot.n !== "number") continue;
        const answer = answerOf(poll, ballot.answer);
        if (answer && ballot.n > (held.answers.get(sub)?.n ?? 0)) held.answers.set(sub, { answer, n: ballot.n });
      }
      this.#polls.set(poll.id, held);
    }
  }
}

const forgotten = (poll: Poll): boolean => !poll.named && poll.state === "closed";

/** Of an anonymous question that is closed nobody is kept, only what was said. */
const seen = (poll: Poll, answers: Map<string, Ballot>): Map<string, Ballot> =>
  forgotten(poll) ? new Map([...answers.values()].map((one) => one.answer).sort().map((answer, index) => [`${index}`, { answer, n: 1 }])) : answers;
