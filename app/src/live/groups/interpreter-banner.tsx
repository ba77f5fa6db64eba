import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import { nameIn } from "../name-in";
import type { ToolProps } from "../tool";
import { groupName } from "./names";
import { interpreterOf } from "./of-classroom";
import { GROUPS } from "./rule";

/** While the class is in groups: which there are, who belongs to each, and one button each to go there. */
export function InterpreterBanner({ classroom, sitting }: ToolProps) {
  const mine = interpreterOf(classroom, sitting);
  const groups = useCell(classroom.steering.cell(GROUPS));
  const here = useCell(classroom.group);
  const failed = useCell(mine.failed);
  if (!groups.open && here === 0) return null;
  const belong = (group: number): string =>
    Object.entries(groups.of).filter(([, one]) => one === group).map(([sub]) => nameIn(classroom, sub)).join(", ");
  return (
    <section class="group-banner group-choice" data-testid="group-banner" data-group={here}>
      <p role="status"><strong>{here > 0 ? t("groups_your", { group: groupName(groups.names, here) }) : t("groups_interpreter")}</strong></p>
      <ul class="plain">
        {[0, ...groups.names.map((_, index) => index + 1)].filter((group) => group !== here).map((group) => (
          <li key={group}>
            <button class="usa-button usa-button--outline usa-button--inverse" data-testid={`groups-visit-${group}`} onClick={() => void mine.visit(group)}>
              {group === 0 ? t("groups_back_here") : t("groups_go_to", { group: groupName(groups.names, group) })}
            </button>{" "}
            {group > 0 && belong(group)}
          </li>
        ))}
      </ul>
      {failed && <p role="alert">{t("groups_quiet_door")}</p>}
    </section>
  );
}
