// A grown-up whose line hiccups, or whose place has just moved, is not gone yet.
export const ADULT_GONE_AFTER_MS = 10_000;
export const CALL_AFTER_MS = 60_000;
const CALL_JITTER_MS = 10_000;

/**
 * Whether a student's class is quiet because no grown-up is in it: her microphone and chat rest, and nothing of other
 * students is played or shown. Quiet from the first moment, until a grown-up has been seen.
 */
export class Supervision {
  #adultAtMs: number | null = null;
  #aloneSinceMs: number | null = null;

  /** Take in what is seen now; `lineOpen` false: nothing can be seen. Returns whether it is quiet. */
  see(now: { adult: boolean; lineOpen: boolean; nowMs: number }): boolean {
    if (now.adult && now.lineOpen) {
      this.#adultAtMs = now.nowMs;
      this.#aloneSinceMs = null;
      return false;
    }
    if (now.lineOpen) this.#aloneSinceMs ??= now.nowMs;
    return this.#adultAtMs === null || now.nowMs - this.#adultAtMs >= ADULT_GONE_AFTER_MS;
  }

  get hadAdult(): boolean {
    return this.#adultAtMs !== null;
  }

  aloneForMs(nowMs: number): number {
    return this.#aloneSinceMs === null ? 0 : nowMs - this.#aloneSinceMs;
  }
}

/** Return how long a class may be alone before it calls by itself; drawn once a device. */
export const callAfterMs = (random: () => number = Math.random): number => CALL_AFTER_MS + CALL_JITTER_MS * random();

/** Say whether this device calls a grown-up by itself: once, after the bell, and of a class the first device only. */
export function callsByItself(now: {
  aloneForMs: number;
  afterMs: number;
  running: boolean;
  called: boolean;
  me: string;
  others: readonly string[];
}): boolean {
  return now.running && !now.called && now.aloneForMs >= now.afterMs && now.others.every((other) => now.me < other);
}
