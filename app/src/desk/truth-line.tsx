import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import { percentOf, type Truth } from "./merge";
import { inDigits } from "./numbers";
import { failureWords } from "./words";

/** The one line of truth. `fresh`: a door has answered lately; else nobody knows how the minute is. */
export function TruthLine({ truth, zone, downMinutes, fresh }: { truth: Truth; zone: string; downMinutes: number; fresh: boolean }) {
  const facts: [key: string, name: string, value: string, bad?: boolean][] = [
    ["expected", t("desk_expected"), inDigits(truth.expected)],
    ["arrived", t("desk_arrived"), `${inDigits(truth.arrived)} (${percentOf(truth.arrived, truth.expected)} %)`],
    ["in-class", t("desk_in_class"), inDigits(truth.inClass)],
    ["trying", t("desk_trying_now"), inDigits(truth.trying)],
    ["alone", t("desk_alone"), inDigits(truth.withoutTeacher), truth.withoutTeacher > 0],
  ];
  return (
    <section class="card" data-testid="desk-truth">
      <dl class="desk-truth">
        {facts.map(([key, name, value, bad]) => (
          <div key={key} class={bad ? "desk-bad" : ""}>
            <dt>{name}</dt>
            <dd data-testid={`desk-${key}`}>{value}</dd>
          </div>
        ))}
        <div class={!fresh ? "" : truth.down ? "desk-down" : "desk-up"}>
          <dt>{t("desk_minute")}</dt>
          <dd data-testid="desk-minute">{!fresh ? t("desk_unknown") : truth.down ? t("desk_minute_down") : t("desk_minute_up")}</dd>
        </div>
      </dl>
      <p class="usa-sr-only" role="status">{truth.down ? `${t("desk_minute")}: ${t("desk_minute_down")}` : ""}</p>
      <p class="desk-small">
        {[
          t("desk_last_minute", { joins: inDigits(truth.joins), failed: inDigits(truth.failed), ms: truth.p99Ms }),
          downMinutes > 0 ? t("desk_minutes_down", { count: downMinutes }) : "",
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
