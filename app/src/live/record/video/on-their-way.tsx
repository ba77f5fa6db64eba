import { t } from "../../../i18n";
import { useCell } from "../../../ui/use-cell";
import { onTheirWay } from "./progress";

/** What was recorded here and is not at the school yet: in class, and on every other screen. It asks nothing. */
export function OnTheirWay() {
  const way = useCell(onTheirWay);
  if (!way || way.left === 0) return null;
  return (
    <label class="recording-way" data-testid="recording-way">
      {t("recording_on_its_way")} <progress max={way.all} value={way.all - way.left} />
    </label>
  );
}
