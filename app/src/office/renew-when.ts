import type { SchoolPlan, Spare } from "../contracts";
import type { Sitting } from "../plan/day";

const HOUR_SECONDS = 3600;
/** By the school's clock. Six hours: a million devices are then 46 a second. */
const EVENING_FROM_HOUR = 16;
const EVENING_SECONDS = 6 * HOUR_SECONDS;
// Near a bell nobody asks the office for anything: what is held is enough to come in, a pass that is over in grace.
const QUIET_BEFORE_BELL_SECONDS = 15 * 60;
const QUIET_AFTER_BELL_SECONDS = 10 * 60;
/** So that devices that wake at the same minute do not all ask in it. */
export const RENEW_JITTER_MS = 60_000;

/** A spare ticket of a class whose live name changed is renewed in the middle of the day, by a whole class at once. */
export const SPARE_JITTER_MS = 3 * 60_000;
export const SPARE_QUIET_SECONDS = 5 * 60;

export interface Renewable {
  /** Seconds by the servers' clock: when the bundle was got, and until when its pass is good. */
  savedAt: number;
  passUntil: number;
  /** This device's moment in the evening, from 0 (its start) to 1 (its end): full jitter over all of it. */
  share: number;
}

/**
 * Say whether to ask the office for a new bundle now: once each evening, at the device's own moment; by a device that
 * slept through it, when it is opened next; never near a bell. `at`: seconds by the servers' clock.
 */
export function shouldRenew(held: Renewable, today: readonly Sitting[], zone: string, at: number): boolean {
  if (nearBell(today, at)) return false;
  if (held.passUntil <= at) return true;
  const evening = lastEvening(zone, at);
  return held.savedAt < evening && at - evening >= held.share * EVENING_SECONDS;
}

/** Return when the last evening began that has begun, in seconds. `zone`: "" is the device's own. */
export function lastEvening(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    ...(zone ? { timeZone: zone } : {}), hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  }).format(at * 1000);
  const [hours = 0, minutes = 0, seconds = 0] = parts.split(":").map(Number);
  const sinceMidnight = hours * HOUR_SECONDS + minutes * 60 + seconds;
  const today = at - sinceMidnight + EVENING_FROM_HOUR * HOUR_SECONDS;
  return today <= at ? today : today - 24 * HOUR_SECONDS;
}

/** Say whether it is so near a bell that the office is left alone. */
export function nearBell(
  today: readonly Sitting[],
  at: number,
  { before, after } = { before: QUIET_BEFORE_BELL_SECONDS, after: QUIET_AFTER_BELL_SECONDS },
): boolean {
  return today.some(({ startsAt }) => at >= startsAt - before && at <= startsAt + after);
}

/** Say whether the plan has a later turn of a meeting to come than this device's spare ticket for it. */
export function spareIsBehind(spares: readonly Spare[], plans: readonly SchoolPlan[], at: number): boolean {
  const held = new Map(spares.filter((spare) => spare.exp > at).map((spare) => [spare.meeting, spare.turn]));
  if (held.size === 0) return false;
  const meetings = plans.flatMap((plan) => plan.sections ?? []).flatMap((section) => section.meetings ?? []);
  return meetings.some((meeting) => (meeting.turn ?? 0) > (held.get(meeting.id) ?? Number.POSITIVE_INFINITY));
}
