import { useEffect, useState } from "preact/hooks";
import { type Key, language, t } from "../../i18n";
import { codeOf } from "../../lib/trouble";
import { Alert } from "../../ui/alert";
import { sentence } from "../../ui/code-text";
import { Link } from "../../ui/link";
import { LiveScreen } from "../live-screen";
import { begin, end, type Practice, type Scenario, SCENARIOS } from "./begin";

const COUNTS = [4, 8, 16, 29];
const SCENARIO_TEXT: Record<Scenario, Key> = { calm: "practice_calm", first_day: "practice_first_day", busy: "practice_busy" };

/** A class to practise in: chosen here, then on the very screen of every live class. */
export function PracticeScreen() {
  const [practice, setPractice] = useState<Practice | null>(null);
  const [students, setStudents] = useState(8);
  const [scenario, setScenario] = useState<Scenario>("calm");
  const [state, setState] = useState<"idle" | "asking" | { trouble: unknown }>("idle");

  async function enter(): Promise<void> {
    setState("asking");
    try {
      setPractice(await begin({ students, scenario, lang: language.value }, t("practice_title")));
      setState("idle");
    } catch (trouble) {
      setState({ trouble });
    }
  }

  // Leaving the class ends it; a reload does not, and comes back to it.
  const running = practice !== null;
  useEffect(() => (running ? () => void end().catch(() => null) : undefined), [running]);

  if (practice) return <LiveScreen {...practice} onNewTicket={() => void enter()} onGone={() => setPractice(null)} />;
  return (
    <section class="card narrow" data-testid="practice">
      <h1>{t("practice_title")}</h1>
      <p>{t("practice_what")}</p>
      <label class="usa-label" for="practice-students">{t("practice_students")}</label>
      <select id="practice-students" class="usa-select" value={students} onChange={(event) => setStudents(Number(event.currentTarget.value))}>
        {COUNTS.map((count) => <option key={count} value={count}>{count}</option>)}
      </select>
      <label class="usa-label" for="practice-scenario">{t("practice_scenario")}</label>
      <select id="practice-scenario" class="usa-select" value={scenario} onChange={(event) => setScenario(event.currentTarget.value as Scenario)}>
        {SCENARIOS.map((one) => <option key={one} value={one}>{t(SCENARIO_TEXT[one])}</option>)}
      </select>
      {typeof state === "object" && (
        <Alert kind="warning" testid="practice-refused">{codeOf(state.trouble) === "busy" ? t("practice_full") : sentence(state.trouble)}</Alert>
      )}
      <p>
        <button class="usa-button usa-button--big" data-testid="practice-begin" disabled={state === "asking"} onClick={() => void enter()}>
          {t("practice_begin")}
        </button>
      </p>
      <p><Link to="/" class="usa-link">{t("back_to_today")}</Link></p>
    </section>
  );
}
