import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import { plan, reached } from "../state";
import { Alert } from "../ui/alert";
import { useCell } from "../ui/use-cell";

/** Without a line: what is shown was saved on this device, and when. */
export function SavedNotice() {
  const there = useCell(reached);
  const held = useCell(plan);
  if (there !== false) return null;
  if (!held) return <Alert kind="warning" testid="offline">{t("offline_nothing")}</Alert>;
  const zone = held.schools[0]?.time_zone ?? "";
  return <Alert kind="info" testid="offline">{t("saved_at", { time: timeOf(held.savedAt / 1000, zone) })}</Alert>;
}
