import { isRecord } from "../../../lib/request";
import type { Rule } from "../../steer/steering";

export const TIMER_AT_MOST_SECONDS = 3 * 3600;

/** `endsAt`: ms by the servers' clock, of a running one; 0: it rests with `leftMs`. `id` "": there is none. */
export interface Timer {
  id: string;
  endsAt: number;
  leftMs: number;
}

export const TIMER: Rule<Timer> = {
  name: "timer",
  initial: { id: "", endsAt: 0, leftMs: 0 },
  read: (value) => {
    if (!isRecord(value) || typeof value.id !== "string") return null;
    const good = (one: unknown): one is number => typeof one === "number" && Number.isFinite(one) && one >= 0;
    return good(value.endsAt) && good(value.leftMs) ? { id: value.id, endsAt: value.endsAt, leftMs: value.leftMs } : null;
  },
};

/** Return what is left, in ms; 0 when it is over. */
export const leftOf = (timer: Timer, nowMs: number): number =>
  Math.max(0, Math.min(TIMER_AT_MOST_SECONDS * 1000, timer.endsAt ? timer.endsAt - nowMs : timer.leftMs));

export const startTimer = (id: string, seconds: number, nowMs: number): Timer =>
  ({ id, endsAt: nowMs + Math.min(TIMER_AT_MOST_SECONDS, seconds) * 1000, leftMs: 0 });

export const pauseTimer = (timer: Timer, nowMs: number): Timer => ({ id: timer.id, endsAt: 0, leftMs: leftOf(timer, nowMs) });

export const resumeTimer = (timer: Timer, nowMs: number): Timer => ({ id: timer.id, endsAt: nowMs + timer.leftMs, leftMs: 0 });

/** Add a minute; one that is over runs a minute from now. */
export function addMinute(timer: Timer, nowMs: number): Timer {
  const leftMs = Math.min(TIMER_AT_MOST_SECONDS * 1000, leftOf(timer, nowMs) + 60_000);
  return timer.endsAt ? { ...timer, endsAt: nowMs + leftMs } : { ...timer, leftMs };
}

/** Return minutes and seconds as one reads them; the last second is shown until it is over. */
export function clockOf(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** At which seconds left a screen reader says it: often enough to know, seldom enough to work. */
const SAID_AT_SECONDS = [600, 300, 120, 60, 30, 10];

/** Return the moment (seconds left) that was passed between two looks, or null. 0 is the end. */
export function momentPassed(beforeMs: number, nowMs: number): number | null {
  if (beforeMs > 0 && nowMs <= 0) return 0;
  return SAID_AT_SECONDS.find((at) => beforeMs > at * 1000 && nowMs <= at * 1000) ?? null;
}
