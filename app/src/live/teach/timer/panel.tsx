import { useState } from "preact/hooks";
import { t } from "../../../i18n";
import { clock } from "../../../lib/clock";
import type { ToolProps } from "../../tool";
import { TeachPanel } from "../panel";
import { startTimer, TIMER } from "./rule";

const MINUTES = [1, 2, 3, 5, 10, 15] as const;

/** How long? One tap starts it. */
export function TimerPanel({ classroom }: ToolProps) {
  const [typed, setTyped] = useState("");
  function start(minutes: number): void {
    const now = clock.now();
    const id = `t${Math.round(now)}`;
    void classroom.steering.set(TIMER, startTimer(id, minutes * 60, now));
    classroom.notes.write({ kind: "timer", key: id, sub: "", at: now, body: { seconds: minutes * 60 } });
    classroom.panel.set("");
  }
  function go(event: Event): void {
    event.preventDefault();
    const minutes = Number(typed.replace(",", "."));
    if (minutes > 0 && minutes <= 180) start(minutes);
  }
  return (
    <TeachPanel classroom={classroom} title={t("timer")}>
      <div class="teach-choices">
        {MINUTES.map((minutes) => (
          <button key={minutes} class="usa-button usa-button--outline" data-testid={`timer-${minutes}`} onClick={() => start(minutes)}>{t("timer_minutes", { count: minutes })}</button>
        ))}
      </div>
      <form onSubmit={go}>
        <label class="usa-label" for="timer-own">{t("timer_own")}</label>
        <input id="timer-own" class="usa-input" inputMode="decimal" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} data-testid="timer-typed" />
        <button class="usa-button" data-testid="timer-start">{t("timer_start")}</button>
      </form>
    </TeachPanel>
  );
}
