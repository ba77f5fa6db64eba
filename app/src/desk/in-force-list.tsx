import { language, t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { InForce } from "./in-force";

/** Incidents that go on and detours in force, beside the numbers they explain. */
export function InForceList({ all, zone }: { all: InForce[]; zone: string }) {
  return (
    <section data-testid="desk-in-force">
      <h2>{t("desk_in_force")}</h2>
      {all.length === 0 && <p>{t("desk_none_in_force")}</p>}
      <ul>
        {all.map((one) => (
          <li key={one.kind + one.id}>
            {timeOf(one.since, zone)} · {words(one)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function words(one: InForce): string {
  const facts = { text: one.text[language.value], count: one.schools };
  return one.kind === "detour" ? t("desk_detour_on", facts) : t("desk_incident_on", facts);
}
