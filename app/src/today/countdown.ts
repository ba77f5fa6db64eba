import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { Sitting } from "../plan/day";

const MINUTE = 60;
const SOON_SECONDS = 90 * MINUTE;

/** Return when a class begins, in the words that help most now. Seconds by the servers' clock. */
export function startsWords(sitting: Sitting, now: number): string {
  const left = sitting.startsAt - now;
  if (left <= 0) return t("until", { time: timeOf(sitting.endsAt, sitting.timeZone) });
  if (left < MINUTE) return t("starts_in_seconds", { count: left });
  if (left < SOON_SECONDS) return t("starts_in_minutes", { count: Math.ceil(left / MINUTE) });
  return t("starts_at", { time: timeOf(sitting.startsAt, sitting.timeZone) });
}
