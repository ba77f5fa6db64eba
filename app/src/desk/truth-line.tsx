import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import { percentOf, type Truth } from "./merge";
import { inDigits } from "./numbers";
import { failureWords } from "./words";

/** The one line of truth. `at`: seconds, of when it is. */
export function TruthLine({ truth, at, zone, downMinutes }: { truth: Truth; at: number; zone: string; downMinutes: number }) {
  const facts: [string, string, string][] = [
    ["expected", t("desk_expected"), inDigits(truth.expected)],
    ["arrived", t("desk_arrived"), `${inDigits(truth.arrived)} (${percentOf(truth.arrived, truth.expected)} %)`],
    ["in-class", t("desk_in_class"), inDigits(truth.inClass)],
    ["trying", t("desk_trying_now"), inDigits(truth.trying)],
  ];
  return (
    <section class="card" data-testid="desk-truth">
      <p class="desk-time">{timeOf(at, zone)}</p>
      <dl class="desk-truth">
        {facts.map(([key, name, value]) => (
          <div key={key}>
            <dt>{name}</dt>
            <dd data-testid={`desk-${key}`}>{value}</dd>
          </div>
        ))}
        <div class={truth.down ? "desk-down" : "desk-up"}>
          <dt>{t("desk_minute")}</dt>
          <dd data-testid="desk-minute">{truth.down ? t("desk_minute_down") : t("desk_minute_up")}</dd>
        </div>
      </dl>
      <p class="usa-sr-only" role="status">{truth.down ? `${t("desk_minute")}: ${t("desk_minute_down")}` : ""}</p>
      <p class="desk-small">
        {[
          t("desk_last_minute", { joins: inDigits(truth.joins), failed: inDigits(truth.failed), ms: truth.p99Ms }),
          downMinutes > 0 ? t("desk_minutes_down", { count: downMinutes }) : "",
          truth.withoutTeacher > 0 ? t("desk_without_teacher", { count: truth.withoutTeacher }) : "",
          failureWords(truth.failures),
          truth.waiting > 0 ? t("desk_waiting", { count: truth.waiting }) : "",
          truth.since > 0 ? t("desk_since", { time: timeOf(truth.since, zone) }) : "",
          truth.doors.length > 1 ? t("desk_twice") : "",
        ]
          .filter(Boolean)
          .join(" · ")}
      </p>
    </section>
  );
}
