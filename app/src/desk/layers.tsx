import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { ProbeReport } from "./contracts";
import { failingOf, type LayerNow, layersNow, REPORT_OLD_SECONDS } from "./merge";
import { findingWords, layerName, markOf, stateWords } from "./words";

/** Of each layer that fails a sentence, on top of everything: it is why somebody looks here. */
export function Findings({ report, zone }: { report: ProbeReport | null; zone: string }) {
  const failing = failingOf(report).map((one) => findingWords(one, zone));
  return (
    <div role="status" aria-live="polite" data-testid="desk-findings">
      {failing.map((sentence) => (
        <p key={sentence} class="desk-finding">{sentence}</p>
      ))}
    </div>
  );
}

/** Each layer in one word. */
export function Layers({ report, now, zone }: { report: ProbeReport | null; now: number; zone: string }) {
  const layers = layersNow(report);
  const old = report !== null && now - report.made_at > REPORT_OLD_SECONDS;
  return (
    <section class="card" data-testid="desk-layers">
      <h2>{t("desk_layers")}</h2>
      {!report && <p>{t("desk_no_probe")}</p>}
      {report && old && <p class="desk-warning">{t("desk_nobody_looks", { time: timeOf(report.made_at, zone) })}</p>}
      {report && (
        <ul class={old ? "desk-layers desk-old" : "desk-layers"}>
          {layers.map((one) => (
            <li key={one.layer} class={`desk-${one.state}`} data-testid={`desk-layer-${one.layer}`}>
              {layerName(one.layer)} <span aria-hidden="true">{markOf(one.state)}</span> {partlyWords(one)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** Of a layer that fails in part how many of its parts are well: one dead door of six is not six. */
function partlyWords(one: LayerNow): string {
  return one.state === "dead" && one.well > 0 && one.well < one.all ? `${one.well}/${one.all}` : stateWords(one);
}
