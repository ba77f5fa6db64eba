import { language, t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { Change } from "./changes";

/** What changed in the last hour, as the plan says; nobody's database is asked. */
export function ChangesList({ changes, zone }: { changes: Change[]; zone: string }) {
  return (
    <section data-testid="desk-changes">
      <h2>{t("desk_changes")}</h2>
      {changes.length === 0 && <p>{t("desk_nothing_changed")}</p>}
      <ul>
        {changes.map((change) => (
          <li key={change.kind === "plan" ? "plan" : change.kind + change.id}>
            {timeOf(change.at, zone)} · {words(change)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function words(change: Change): string {
  if (change.kind === "plan") return t("desk_plan_changed", { version: change.version });
  const facts = { text: change.text[language.value], count: change.schools };
  return change.kind === "detour" ? t("desk_detour_on", facts) : t("desk_notice_on", facts);
}
