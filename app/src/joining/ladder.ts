import type { Door } from "../contracts";
import { type RetryBudget, retryBudget, type Throttle, throttle as pageThrottle } from "../door/restraint";
import { fullJitter, Wake } from "../lib/jitter";
import { type Layer, Trouble } from "../lib/trouble";
import { askRound } from "./round";

const WAIT_BASE_MS = 500;
const WAIT_CAP_MS = 8_000;
export const TRIES_IN_A_ROUND = 3;
// With no retries left: slow enough that a district of devices is 45 thousand tries a second at most, once a million wait.
const EMPTY_WAIT_FROM_MS = 15_000;
const EMPTY_WAIT_JITTER_MS = 15_000;

/** What the screen says while the ladder is climbed. `retryInMs`: when something happens next, at the latest. */
export type Step =
  | { kind: "asking"; attempt: number }
  | { kind: "next_door"; layer: Layer; retryInMs: number; attempt: number }
  | { kind: "waiting"; layer: Layer; busy: boolean; retryInMs: number; attempt: number }
  | { kind: "all_failed"; layer: Layer; round: number; busy: boolean; attempt: number };

export interface Climb<T> {
  doors: readonly Door[];
  ask: (door: Door, signal: AbortSignal) => Promise<T>;
  onStep: (step: Step) => void;
  onFailure: (door: Door, trouble: Trouble) => void;
  signal: AbortSignal;
  /** The line is back, or the person taps: one try at once. */
  wake?: Wake;
  throttle?: Throttle;
  budget?: RetryBudget;
  random?: () => number;
}

/**
 * Ask door after door, round after round, until one answers; an answer of ours that says no ends the climb.
 *
 * The first round, over the first three doors, is free. Each later try is paid from the retry budget, or is one that a
 * busy door invited to, or comes after a long jittered wait. After each round without an answer the screen is told
 * (`all_failed`), so that it can use the spare ticket or show the alternate; the climb goes on behind it.
 */
export async function climb<T>(how: Climb<T>): Promise<T> {
  if (how.doors.length === 0) throw new Trouble("no_door", "server", true);
  const { throttle = pageThrottle, budget = retryBudget, random = Math.random, wake = new Wake() } = how;
  const notBefore = new Map<string, number>();
  const now = (): number => performance.now();
  let attempt = -1;
  // The person's own wish is not dropped; doors that failed lately only come last in it.
  const later = new Set(how.doors.filter((door) => throttle.drops(door.id)));
  const wished = [...how.doors.filter((door) => !later.has(door)), ...later];
  let doors = wished.slice(0, TRIES_IN_A_ROUND);
  let cursor = how.doors.indexOf(doors[doors.length - 1]!) + 1;
  for (let round = 0; ; round++) {
    const outcome = await askRound({
      doors,
      ask: how.ask,
      signal: how.signal,
      onFailure: how.onFailure,
      onAsk: (_door, before, retryInMs) => {
        attempt += 1;
        how.onStep(
          before ? { kind: "next_door", layer: before.layer, retryInMs, attempt } : { kind: "asking", attempt },
        );
      },
    });
    if ("answer" in outcome) return outcome.answer;
    const troubles = [...outcome.troubles.values()];
    const unknown = troubles.find((one) => one.code === "unknown_meeting");
    if (unknown) throw unknown;
    for (const [door, { retryAfterSeconds }] of outcome.troubles)
      if (retryAfterSeconds > 0) notBefore.set(door.id, now() + retryAfterSeconds * 1000 * (1 + random()));
    const busy = troubles.some((one) => one.retryAfterSeconds > 0);
    const layer = busy ? "server" : (troubles[0]?.layer ?? "server");
    how.onStep({ kind: "all_failed", layer, round, busy, attempt });
    doors = await nextDoors(round, busy, layer);
  }

  /** Wait as long as is due, and return whom to ask then. */
  async function nextDoors(round: number, busy: boolean, layer: Layer): Promise<Door[]> {
    const paid = busy ? 0 : budget.take(Math.min(TRIES_IN_A_ROUND, how.doors.length));
    const invited = busy ? Math.max(0, Math.min(...notBefore.values()) - now()) : 0;
    const ms = busy
      ? invited
      : paid > 0
        ? fullJitter(round, WAIT_BASE_MS, WAIT_CAP_MS, random)
        : EMPTY_WAIT_FROM_MS + random() * EMPTY_WAIT_JITTER_MS;
    if (ms > 1000) how.onStep({ kind: "waiting", layer, busy, retryInMs: ms, attempt });
    const woken = await wake.sleep(ms, how.signal);
    if (how.signal.aborted) throw new Trouble("stopped", "line", false);
    return choose(Math.max(1, paid), woken);
  }

  /** The next doors in their order. A door that told us when to come back is not asked before; one always is. */
  function choose(count: number, woken: boolean): Door[] {
    const ready = inOrder().filter((door) => woken || (notBefore.get(door.id) ?? 0) <= now());
    const free = ready.filter((door) => !throttle.drops(door.id));
    const chosen = (free.length > 0 ? free : ready.length > 0 ? ready.slice(0, 1) : inOrder().slice(0, 1)).slice(0, count);
    const last = chosen[chosen.length - 1];
    if (last) cursor = how.doors.indexOf(last) + 1;
    for (const door of chosen) notBefore.delete(door.id);
    return chosen;
  }

  function inOrder(): Door[] {
    const from = cursor % how.doors.length;
    return [...how.doors.slice(from), ...how.doors.slice(0, from)];
  }
}
