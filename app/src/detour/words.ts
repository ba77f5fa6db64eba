import type { Detour } from "../contracts";
import { language, t } from "../i18n";
import { dayOf, timeOf } from "../i18n/dates";
import { dateIn, type Sitting } from "../plan/day";
import { isShift } from "../plan/way";
import { placeName, productName } from "./place";

/** One line for a card: where the class is today. Empty when no detour touches it. */
export function movedLine(sitting: Sitting): string {
  if (isShift(sitting.detour)) return t("detour_times");
  if (!sitting.moved) return "";
  const name = productName(sitting.pathway);
  return name ? t("detour_moved", { place: name }) : t("detour_moved_other", { place: placeName(sitting.pathway) });
}

/** Why, in the person's language. English stands in where a plan of another make lacks hers. */
export const reasonOf = (detour: Detour | null): string => detour?.reason[language.value] || detour?.reason.en || "";

/** A day, or of today the time. `until_at` is the first second it no longer holds. Empty: until further notice. */
export function untilWords(detour: Detour | null, zone: string, now: number): string {
  if (!detour?.until_at) return "";
  const last = detour.until_at - 1;
  return dateIn(zone, last) === dateIn(zone, now) ? timeOf(detour.until_at, zone) : dayOf(last, zone);
}

/** What follows the reason: until when, and when it is looked at again. */
export function holdsWords(detour: Detour | null, zone: string, now: number): string {
  const until = untilWords(detour, zone, now);
  const review = detour?.review_on ? Date.parse(`${detour.review_on}T12:00:00Z`) / 1000 : Number.NaN;
  return [
    until && t("detour_until", { when: until }),
    Number.isFinite(review) && t("detour_review", { day: dayOf(review, "UTC") }),
  ].filter(Boolean).join(" ");
}
