import { clock } from "../lib/clock";

// Source: Google, Site Reliability Engineering, "Handling Overload": two minutes, K = 2.
const WINDOW_MS = 120_000;
const K = 2;
// Same chapter: of what goes out at most a tenth is retries.
const EARNED_BY_SUCCESS = 0.1;
const TOKENS_AT_MOST = 3;

/** Client-side throttling, per door: what a door did not take lately is asked less, before it leaves this device. */
export class Throttle {
  readonly #asked = new Map<string, { ticks: number; accepted: boolean }[]>();

  constructor(
    readonly ticks: () => number = () => clock.ticks(),
    readonly random: () => number = Math.random,
  ) {}

  /** Count one request; call what is returned when the door took it (a refusal counts: the door works). */
  ask(door: string): () => void {
    const entry = { ticks: this.ticks(), accepted: false };
    this.#asked.set(door, [...this.#recent(door), entry]);
    return () => void (entry.accepted = true);
  }

  /** Return p = max(0, (requests - K x accepts) / (requests + 1)). */
  dropShare(door: string): number {
    const recent = this.#recent(door);
    const accepts = recent.filter((one) => one.accepted).length;
    return Math.max(0, (recent.length - K * accepts) / (recent.length + 1));
  }

  /** Say whether to leave this door alone now. What is dropped counts as asked, as in the source. */
  drops(door: string): boolean {
    if (this.random() >= this.dropShare(door)) return false;
    this.ask(door);
    return true;
  }

  #recent(door: string): { ticks: number; accepted: boolean }[] {
    const since = this.ticks() - WINDOW_MS;
    return (this.#asked.get(door) ?? []).filter((one) => one.ticks > since);
  }
}

/** The retry budget: each success earns a tenth of a retry. */
export class RetryBudget {
  #tokens = 0;

  success(): void {
    this.#tokens = Math.min(TOKENS_AT_MOST, this.#tokens + EARNED_BY_SUCCESS);
  }

  /** Take up to `wanted` retries; return how many there were. */
  take(wanted: number): number {
    // Ten tenths are one, whatever binary fractions make of them.
    const got = Math.min(wanted, Math.floor(this.#tokens + 1e-9));
    this.#tokens -= got;
    return got;
  }
}

/** One of each for the whole page: classes follow one another, and the doors stay the same. */
export const throttle = new Throttle();
export const retryBudget = new RetryBudget();
