import type { FamilyStatus } from "../contracts";
import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { Sitting } from "../plan/day";

type Meeting = FamilyStatus["children"][number]["meetings"][number];

/** Say how it stands with one class of a child. `known`: the office answered at all. */
export function meetingWords(sitting: Sitting, now: number, meeting: Meeting | undefined, known: boolean): string {
  if (meeting?.status === "absent") return t("was_absent");
  if (meeting?.status === "excused") return t("was_excused");
  if (meeting?.arrived_at) {
    const time = timeOf(meeting.arrived_at, sitting.timeZone);
    return now < sitting.endsAt ? t("here_since", { time }) : t("came_at", { time });
  }
  if (meeting?.status === "present" || meeting?.status === "tardy") return t("was_here");
  if (now < sitting.startsAt || !known) return "";
  return now < sitting.endsAt ? t("not_seen_yet") : "";
}
