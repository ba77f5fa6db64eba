import type { Sitting } from "../plan/day";

const RENEW_AFTER_SECONDS = 12 * 3600;
// Near a bell nobody asks the office for anything: what is held is enough to come in.
const QUIET_BEFORE_BELL_SECONDS = 15 * 60;
const QUIET_AFTER_BELL_SECONDS = 10 * 60;
/** So that devices that wake at the same minute do not all ask in it. */
export const RENEW_JITTER_MS = 60_000;

/** Say whether to ask the office for a new bundle now. Seconds by the servers' clock. */
export function shouldRenew(savedAt: number, passUntil: number, today: readonly Sitting[], at: number): boolean {
  if (passUntil <= at) return true; // nothing to lose
  if (at - savedAt < RENEW_AFTER_SECONDS) return false;
  return !nearBell(today, at);
}

/** Say whether it is so near a bell that the office is left alone. */
export function nearBell(today: readonly Sitting[], at: number): boolean {
  return today.some(
    ({ startsAt }) => at >= startsAt - QUIET_BEFORE_BELL_SECONDS && at <= startsAt + QUIET_AFTER_BELL_SECONDS,
  );
}
