import type { Door } from "../contracts";
import { Trouble } from "../lib/trouble";

/**
 * Hedged, not one after the other: a door that has not answered after this is left to go on, and the next one is asked
 * beside it; the first good answer wins. Why: a good door answers in 0.5 s at p99, so hedges are rare; a person on a
 * slow phone line still gets the first door's late answer, instead of three tries that were each cut short; and one
 * black-holed door costs 1.5 s, two cost 3 s. It asks no door more than a climb without hedging would: three a round.
 * The arrival's id is the same at every door, so it is one arrival.
 */
export const HEDGE_AFTER_MS = 1_500;
/** One door, with everything it takes (nonce, join). Three doors that hang: 2 x 1.5 + 4 = 7 s, then the spare ticket. */
export const TRY_MS = 4_000;

export interface Round<T> {
  doors: readonly Door[];
  ask: (door: Door, signal: AbortSignal) => Promise<T>;
  /** `before`: why another door is asked; undefined for the first. `givesUpInMs`: when at the latest the round is over. */
  onAsk: (door: Door, before: Trouble | undefined, givesUpInMs: number) => void;
  onFailure: (door: Door, trouble: Trouble) => void;
  signal: AbortSignal;
}

export type Outcome<T> = { answer: T } | { troubles: Map<Door, Trouble> };

/** A no that stays a no at every door. A door whose plan lags may not know a meeting that another one knows. */
export const isFinal = (trouble: Trouble): boolean =>
  trouble.layer === "refused" && !trouble.retryable && trouble.code !== "unknown_meeting";

/** Ask these doors, each once. Throws a refusal; all other failures are in the outcome. */
export function askRound<T>(round: Round<T>): Promise<Outcome<T>> {
  const { doors } = round;
  const troubles = new Map<Door, Trouble>();
  const askedAt = new Map<Door, number>();
  const stop = new AbortController();
  const stopAll = (): void => stop.abort();
  let hedge: ReturnType<typeof setTimeout> | undefined;
  let next = 0;
  return new Promise<Outcome<T>>((resolve, reject) => {
    if (round.signal.aborted) return reject(new Trouble("stopped", "line", false));
    round.signal.addEventListener("abort", stopAll, { once: true });
    stop.signal.addEventListener("abort", () => reject(new Trouble("stopped", "line", false)), { once: true });
    askNext(undefined);

    function askNext(before: Trouble | undefined): void {
      clearTimeout(hedge);
      const door = doors[next];
      if (!door || stop.signal.aborted) return;
      next += 1;
      const left = doors.length - next;
      round.onAsk(door, before, left * HEDGE_AFTER_MS + TRY_MS);
      if (left > 0) hedge = setTimeout(() => askNext(new Trouble("slow", "slow", true)), HEDGE_AFTER_MS);
      askedAt.set(door, performance.now());
      askOne(round.ask, door, stop.signal).then((answer) => won(door, answer), (error: unknown) => failed(door, error));
    }

    function won(by: Door, answer: T): void {
      if (stop.signal.aborted) return;
      // Whom nobody waits for any more was slow all the same: that is written down too.
      for (const [door, at] of askedAt)
        if (door !== by && !troubles.has(door) && performance.now() - at >= HEDGE_AFTER_MS)
          round.onFailure(door, new Trouble("slow", "slow", true));
      resolve({ answer });
    }

    function failed(door: Door, error: unknown): void {
      if (stop.signal.aborted) return;
      const trouble = error instanceof Trouble ? error : new Trouble("failed", "server", true);
      if (isFinal(trouble)) return reject(trouble);
      troubles.set(door, trouble);
      round.onFailure(door, trouble);
      if (troubles.size === doors.length) return resolve({ troubles });
      // A door asked before may still answer; that it is slow is no reason to wait for the next hedge.
      askNext(trouble);
    }
  }).finally(() => {
    clearTimeout(hedge);
    round.signal.removeEventListener("abort", stopAll);
    stop.abort();
  });
}

async function askOne<T>(ask: Round<T>["ask"], door: Door, signal: AbortSignal): Promise<T> {
  const stop = new AbortController();
  const away = (): void => stop.abort();
  signal.addEventListener("abort", away, { once: true });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Trouble("slow", "slow", true));
      stop.abort();
    }, TRY_MS);
  });
  try {
    return await Promise.race([ask(door, stop.signal), tooLong]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", away);
  }
}
