import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import { BarButton } from "../bar-button";
import type { ToolProps } from "../tool";
import { freeze } from "./decide";
import { FROZEN } from "./rules";

/** A grown-up's own two: freeze, one tap and one tap back; and the raised hands in their order. */
export function SteerBar({ classroom }: ToolProps) {
  const frozen = useCell(classroom.steering.cell(FROZEN));
  const hands = useCell(classroom.hands).filter((sub) => sub !== classroom.me).length;
  const open = useCell(classroom.panel) === "hands";
  return (
    <>
      <BarButton icon="hands" label={hands > 0 ? t("steer_hands_count", { count: hands }) : t("steer_hands")} on={open} testid="hands" onClick={() => classroom.panel.set(open ? "" : "hands")} />
      <BarButton icon="freeze" label={frozen ? t("steer_unfreeze") : t("steer_freeze")} on={frozen} testid="freeze" onClick={() => void freeze(classroom, !frozen)} />
    </>
  );
}
