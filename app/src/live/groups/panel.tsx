import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import type { ToolProps } from "../tool";
import { deskOf } from "./of-classroom";
import { GROUPS } from "./rule";
import { Running } from "./running";
import { Setup } from "./setup";

/** A grown-up's place for groups: dealing them, and while they are open what goes on in each. */
export function GroupsPanel({ classroom, sitting }: ToolProps) {
  const desk = deskOf(classroom, sitting);
  const open = useCell(classroom.steering.cell(GROUPS)).open;
  const trouble = useCell(desk.trouble);
  return (
    <section class="groups" aria-label={t("groups")} data-testid="groups-panel">
      <div class="side-head">
        <h2>{t("groups")}</h2>
        <button class="usa-button usa-button--unstyled" onClick={() => classroom.panel.set("")}>{t("close")}</button>
      </div>
      {trouble && <p role="alert">{t("groups_quiet_door")}</p>}
      {open ? <Running desk={desk} /> : <Setup desk={desk} />}
    </section>
  );
}
