import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { ProbeReport } from "./contracts";
import { layersNow, REPORT_OLD_SECONDS } from "./merge";
import { findingWords, layerName, markOf, stateWords } from "./words";

/** Each layer in one word, and of those that fail a sentence. */
export function Layers({ report, now, zone }: { report: ProbeReport | null; now: number; zone: string }) {
  const layers = layersNow(report);
  const failing = layers.map((one) => findingWords(one, zone)).filter(Boolean);
  const old = report !== null && now - report.made_at > REPORT_OLD_SECONDS;
  return (
    <section class="card" data-testid="desk-layers">
      <h2>{t("desk_layers")}</h2>
      {!report && <p>{t("desk_no_probe")}</p>}
      {report && old && <p class="desk-warning">{t("desk_nobody_looks", { time: timeOf(report.made_at, zone) })}</p>}
      <div role="status" aria-live="polite" data-testid="desk-findings">
        {failing.map((sentence) => (
          <p key={sentence} class="desk-finding">{sentence}</p>
        ))}
      </div>
      {report && (
        <ul class={old ? "desk-layers desk-old" : "desk-layers"}>
          {layers.map((one) => (
            <li key={one.layer} class={`desk-${one.state}`} data-testid={`desk-layer-${one.layer}`}>
              {layerName(one.layer)} <span aria-hidden="true">{markOf(one.state)}</span> {stateWords(one)}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
