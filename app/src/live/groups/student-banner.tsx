import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import { nameIn } from "../name-in";
import type { ToolProps } from "../tool";
import { adultName, groupName } from "./names";
import { studentOf } from "./of-classroom";
import { GROUPS } from "./rule";
import type { Help } from "./student";
import { TimeLeft } from "./time-left";

const SAID_SHOWN_MS = 30_000;

/** What a child reads in her group: which it is, who looks after it, how long it goes on; and one big button for help. */
export function StudentBanner({ classroom, sitting }: ToolProps) {
  const student = studentOf(classroom);
  const groups = useCell(classroom.steering.cell(GROUPS));
  const group = useCell(classroom.group);
  const help = useCell(student.help);
  const quiet = useCell(classroom.quiet);
  const adults = useCell(classroom.adults);
  const said = useRecent(useCell(student.said));
  const teacher = adultName(classroom, sitting);
  const answer = ANSWERS[help];
  const words = said && (
    <p class="group-said" role="alert" data-testid="group-said"><strong>{nameIn(classroom, said.sub)}</strong> {said.text}</p>
  );
  if (group === 0) {
    const waits = sitting.role === "student" && groups.open && groups.of[classroom.me] === undefined;
    return (
      <>
        {words}
        {waits && <p class="group-banner" role="status" data-testid="group-waiting">{t("groups_not_in")}</p>}
      </>
    );
  }
  const away = adults.length > 0 && adults.every((one) => classroom.room.remoteParticipants.get(one.identity)?.attributes.watching === "1");
  return (
    <>
      {words}
      <section class="group-banner" data-testid="group-banner" data-group={group} data-help={help}>
        <div>
          <p>
            <strong>{t("groups_your", { group: groupName(groups.names, group) })}</strong> <TimeLeft until={groups.until} warn />
          </p>
          {away && !quiet && <p data-testid="group-looked-after">{t("groups_looks_after", { teacher })}</p>}
          <p role="status">{answer ? t(answer, { teacher }) : ""}</p>
        </div>
        {!quiet && away && (
          <button
            class="usa-button usa-button--big" data-testid="group-help" aria-pressed={help === "calling" || help === "shown"}
            onClick={() => student.callHelp()}
          >
            {help === "calling" ? t("groups_calling") : t("groups_call", { teacher })}
          </button>
        )}
      </section>
    </>
  );
}

const ANSWERS: Partial<Record<Help, "groups_called" | "groups_coming" | "groups_later">> = { shown: "groups_called", coming: "groups_coming", later: "groups_later" };

/** The last words for as long as they are new. */
function useRecent<T extends { at: number }>(value: T | null): T | null {
  const [old, setOld] = useState<T | null>(null);
  useEffect(() => {
    if (!value) return;
    const timer = setTimeout(() => setOld(value), SAID_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return value === old ? null : value;
}
