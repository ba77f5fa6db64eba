import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import { nameIn } from "../name-in";
import type { ToolProps } from "../tool";
import type { Call } from "./calls";
import { groupName } from "./names";
import { deskOf } from "./of-classroom";
import { GROUPS } from "./rule";

/** On top of everything, until it is tapped: who calls for help. And, while she is in a group, the way back. */
export function TeacherBanner({ classroom, sitting }: ToolProps) {
  const desk = deskOf(classroom, sitting);
  const calls = useCell(desk.calls);
  const group = useCell(classroom.group);
  const groups = useCell(classroom.steering.cell(GROUPS));
  const go = (call: Call) => (): void => {
    desk.answer(call);
    void desk.visit(call.group).catch(() => desk.trouble.set(true));
  };
  return (
    <>
      {calls.map((call) => (
        <section key={call.sub} class="group-call" role="alert" data-testid="group-call" data-group={call.group}>
          <p>{t("groups_call_from", { name: nameIn(classroom, call.sub), group: groupName(groups.names, call.group) })}</p>
          <button class="usa-button" data-testid="group-call-go" onClick={go(call)}>{t("groups_call_answer")}</button>
          <button class="usa-button usa-button--outline" data-testid="group-call-seen" onClick={() => desk.answer(call, true)}>{t("groups_call_seen")}</button>
        </section>
      ))}
      {group > 0 && (
        <section class="group-banner" data-testid="group-banner" data-group={group}>
          <p><strong>{t("groups_your", { group: groupName(groups.names, group) })}</strong></p>
          <button class="usa-button" data-testid="group-leave" onClick={() => void desk.visit(0)}>{t("groups_back_here")}</button>
        </section>
      )}
    </>
  );
}
