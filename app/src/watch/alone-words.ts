import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { AloneClass } from "./watcher";

export function aloneSince(one: AloneClass): string {
  return t("watch_alone", { title: one.sitting.title, time: timeOf(one.since, one.sitting.timeZone) });
}

export const aloneStudents = (one: AloneClass): string => t("watch_students", { count: one.students });

export const aloneCalled = (one: AloneClass): string =>
  one.called_at > 0 ? t("watch_called", { time: timeOf(one.called_at, one.sitting.timeZone) }) : "";
