import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { ProbeReport } from "./contracts";
import { Findings } from "./layers";
import { failingOf, type Truth } from "./merge";

/** The answer of three seconds: is school on, and what fails. `at`: seconds, of when it is. */
export function Verdict({ truth, report, at, zone }: { truth: Truth | null; report: ProbeReport | null; at: number; zone: string }) {
  const failing = failingOf(report).length > 0;
  const off = truth?.down ?? false;
  const state = off ? "off" : failing ? "failing" : truth ? "well" : "unknown";
  const sentence = off ? t("desk_off") : failing && truth ? t("desk_on_failing") : !truth && at > 0 ? t("desk_no_door") : "";
  const calm = truth && truth.expected > 0 && !off && !failing ? t("desk_on") : "";
  return (
    <div class={`desk-verdict desk-verdict--${state}`} data-testid="desk-verdict" data-state={state}>
      <p class="desk-verdict-words">
        <strong role="status">{sentence || calm}</strong> {at > 0 && <span class="desk-time">{timeOf(at, zone)}</span>}
      </p>
      <Findings report={report} zone={zone} />
    </div>
  );
}
