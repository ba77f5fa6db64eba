import type { Line } from "../contracts";
import { fullJitter } from "../lib/jitter";
import { codeOf, Trouble } from "../lib/trouble";
import * as kept from "./waiting-line-kept";

// Within what the office allows before it lets others go first (a quarter).
const JITTER = 0.15;
const AGAIN_MS = 2_000;
const AGAIN_CAP_MS = 20_000;

/** What the waiting page shows. `progress`: 0 to 1, never falls; `turnAt`: in ms of `ticks`. */
export interface Waiting {
  place: number;
  progress: number;
  turnAt: number;
  /** Whether the office was reached the last time. */
  reached: boolean;
}

export interface LineAtOffice {
  /** Send the password on; `null`: signed on. */
  signOn: (line: string) => Promise<Line | null>;
  ask: (line: string) => Promise<Line>;
  onWait: (waiting: Waiting | null) => void;
  sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
  ticks: () => number;
  signal: AbortSignal;
  random?: () => number;
}

/**
 * Sign on, and wait in line as long as the office asks for it. Only a no of ours, or the end of `signal`, ends it; without
 * a place an office that does not answer does too. The place is kept for this person in this tab.
 */
export async function comeIn(userName: string, office: LineAtOffice): Promise<void> {
  let held = kept.placeOf(userName);
  let failed = 0;
  for (;;) {
    try {
      const myTurn = !held || held.place === 0;
      const answer = held && !myTurn ? await office.ask(held.line) : await office.signOn(held?.line ?? "");
      if (answer === null) return kept.forgetPlace();
      failed = 0;
      held = kept.keepPlace(userName, answer);
      if (held.place === 0) continue;
      office.onWait(shown(held, answer.wait_seconds, office.ticks(), true));
      await office.sleep(pollMs(answer.poll_after_seconds, office.random), office.signal);
    } catch (error) {
      if (codeOf(error) === "bad_line" && held) {
        kept.forgetPlace();
        held = null;
      } else if (held && isPassing(error)) {
        office.onWait(shown(held, 0, office.ticks(), false));
        await office.sleep(againMs(error, failed++, office.random), office.signal);
      } else throw error;
    }
    if (office.signal.aborted) throw new Trouble("stopped", "line", false);
  }
}

/** A wrong password keeps the place: the next try needs no new wait. */
function isPassing(error: unknown): boolean {
  return error instanceof Trouble && error.retryable && error.code !== "wait";
}

const pollMs = (seconds: number, random: () => number = Math.random): number =>
  seconds * 1000 * (1 - JITTER + 2 * JITTER * random());

function againMs(error: unknown, attempt: number, random?: () => number): number {
  const told = error instanceof Trouble ? error.retryAfterSeconds * 1000 : 0;
  return told + AGAIN_MS / 2 + fullJitter(attempt, AGAIN_MS, AGAIN_CAP_MS, random);
}

function shown(held: kept.Place, waitSeconds: number, ticks: number, reached: boolean): Waiting {
  return { place: held.place, progress: held.progress, turnAt: ticks + waitSeconds * 1000, reached };
}

/** About how long, as a person would say it: in minutes, or in fives of seconds; 0: any moment now. */
export function roughly(ms: number): { unit: "minutes" | "seconds"; count: number } {
  const seconds = Math.ceil(ms / 1000);
  if (seconds >= 50) return { unit: "minutes", count: Math.max(1, Math.round(seconds / 60)) };
  return { unit: "seconds", count: seconds <= 3 ? 0 : Math.ceil(seconds / 5) * 5 };
}
