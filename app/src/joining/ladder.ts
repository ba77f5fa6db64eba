import type { Door } from "../contracts";
import { fullJitter, sleep as realSleep } from "../lib/jitter";
import { type Layer, Trouble } from "../lib/trouble";

const WAIT_BASE_MS = 300;
const WAIT_CAP_MS = 8_000;

/** What the screen says while the ladder is climbed. `retryInMs` with `waiting` only. */
export type Step =
  | { kind: "asking"; attempt: number }
  | { kind: "waiting"; layer: Layer; retryInMs: number; attempt: number }
  | { kind: "all_failed"; layer: Layer; attempt: number };

export interface Climb<T> {
  doors: readonly Door[];
  ask: (door: Door) => Promise<T>;
  onStep: (step: Step) => void;
  onFailure: (door: Door, trouble: Trouble) => void;
  signal: AbortSignal;
  random?: () => number;
  sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Ask door after door, round after round, until one answers. A door that is dead, slow or not ours costs one step;
 * an answer of ours that says no ends the climb. After a whole round without an answer the screen is told
 * (`all_failed`) so that it can offer the alternate; the climb goes on behind it.
 */
export async function climb<T>(how: Climb<T>): Promise<T> {
  const random = how.random ?? Math.random;
  const sleep = how.sleep ?? realSleep;
  if (how.doors.length === 0) throw new Trouble("no_door", "server", true);
  for (let attempt = 0; ; attempt++) {
    if (how.signal.aborted) throw new Trouble("stopped", "line", false);
    const door = how.doors[attempt % how.doors.length]!;
    how.onStep({ kind: "asking", attempt });
    try {
      return await how.ask(door);
    } catch (error) {
      const trouble = error instanceof Trouble ? error : new Trouble("failed", "server", true);
      if (how.signal.aborted) throw trouble;
      if (trouble.layer === "refused" && !trouble.retryable) throw trouble;
      how.onFailure(door, trouble);
      const endOfRound = (attempt + 1) % how.doors.length === 0;
      if (endOfRound) how.onStep({ kind: "all_failed", layer: trouble.layer, attempt });
      const retryInMs = waitMs(trouble, Math.floor(attempt / how.doors.length), random);
      if (retryInMs > 1000) how.onStep({ kind: "waiting", layer: trouble.layer, retryInMs, attempt });
      await sleep(retryInMs, how.signal);
    }
  }
}

/** A busy door says when to come back: nobody comes earlier, and not all in the same second. */
function waitMs(trouble: Trouble, round: number, random: () => number): number {
  const asked = trouble.retryAfterSeconds * 1000;
  return asked > 0 ? asked * (1 + random()) : fullJitter(round, WAIT_BASE_MS, WAIT_CAP_MS, random);
}
