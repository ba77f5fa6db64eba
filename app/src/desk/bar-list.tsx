import { useState } from "preact/hooks";
import { t } from "../i18n";
import type { Bar } from "./merge";
import { inDigits } from "./numbers";

const SHOWN = 8;

/** Bars that fill towards those expected, the emptiest on top. Each says its numbers, so nothing hangs on a colour. */
export function BarList({ title, bars, testid }: { title: string; bars: Bar[]; testid: string }) {
  const [all, setAll] = useState(false);
  if (bars.length === 0) return null;
  return (
    <section class="card" data-testid={testid}>
      <h2>{title}</h2>
      <ul class="desk-bars">
        {(all ? bars : bars.slice(0, SHOWN)).map((bar) => (
          <li key={bar.name}>
            <span class="desk-bar-name">{bar.name}</span>
            <span class="desk-bar-number">{t("desk_bar", { percent: bar.percent, arrived: inDigits(bar.arrived), expected: inDigits(bar.expected) })}</span>
            <span class="desk-bar" aria-hidden="true">
              <span class={bar.percent < 80 ? "desk-bar-low" : ""} style={{ width: `${bar.percent}%` }} />
            </span>
            {bar.trying > 0 && <span class="desk-bar-trying">{t("desk_trying", { count: bar.trying })}</span>}
          </li>
        ))}
      </ul>
      {bars.length > SHOWN && !all && (
        <button class="usa-button usa-button--outline" onClick={() => setAll(true)}>{t("desk_show_all", { count: bars.length })}</button>
      )}
    </section>
  );
}
