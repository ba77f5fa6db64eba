import type { Notice, SchoolPlan } from "../contracts";
import { t } from "../i18n";
import { dayOf, timeOf } from "../i18n/dates";
import { read, write } from "../keep/kept";
import { Cell } from "../lib/cell";
import { dateIn } from "../plan/day";

// Closed here and over everywhere after some days; older ones are never shown again.
const REMEMBER_AT_MOST = 200;

/** Ids of the notices that were closed on this device. */
export const closedNotices = new Cell<ReadonlySet<string>>(new Set());

/** Return the notices that hold at this moment (seconds), each once however many schools say it; emergencies first. */
export function noticesInForce(plans: readonly SchoolPlan[], at: number): Notice[] {
  const all = new Map(plans.flatMap((plan) => plan.notices ?? []).map((one) => [one.id, one]));
  const now = [...all.values()].filter((one) => one.at <= at && at < one.until_at);
  const rank = (one: Notice): number => (one.level === "emergency" ? 0 : one.level === "warning" ? 1 : 2);
  return now.sort((one, other) => rank(one) - rank(other) || other.at - one.at || (one.id < other.id ? -1 : 1));
}

/** Say when the next word on a notice comes, by its school's clock; nothing when none was promised, or that time has passed. */
export function nextWord(one: Notice, plans: readonly SchoolPlan[], at: number): string {
  if (!one.next_at || one.next_at <= at) return "";
  const zone = plans.find((plan) => plan.notices?.some(({ id }) => id === one.id))?.time_zone ?? "";
  const time = timeOf(one.next_at, zone);
  return dateIn(zone, one.next_at) === dateIn(zone, at) ? t("notice_next", { time }) : t("notice_next_on", { time, day: dayOf(one.next_at, zone) });
}

export async function loadClosed(): Promise<void> {
  closedNotices.set(new Set((await read("closed_notices")) ?? []));
}

/** Close one for good, on this device. */
export async function closeNotice(id: string): Promise<void> {
  const closed = [...closedNotices.value].filter((one) => one !== id).concat(id).slice(-REMEMBER_AT_MOST);
  closedNotices.set(new Set(closed));
  await write("closed_notices", closed);
}
