import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../../i18n";
import { clock } from "../../../lib/clock";
import { chime } from "../../../ui/chime";
import { useCell } from "../../../ui/use-cell";
import type { ToolProps } from "../../tool";
import { addMinute, clockOf, leftOf, momentPassed, pauseTimer, resumeTimer, TIMER } from "./rule";

const TICK_MS = 250;
// Two soft notes; the words and the colour say it too.
const OVER = [523.25, 659.25].map((hz) => ({ hz, seconds: 0.5, level: 0.15 }));

/** The time that is left, for everybody; a grown-up's also has the buttons. */
export function TimerBanner({ classroom }: ToolProps) {
  const rule = classroom.steering.cell(TIMER);
  const timer = useCell(rule);
  const [, again] = useState({});
  const [said, setSaid] = useState("");
  const before = useRef(0);
  useEffect(() => {
    before.current = leftOf(timer, clock.now());
    if (!timer.endsAt) return;
    const ticking = setInterval(() => {
      const left = leftOf(timer, clock.now());
      const moment = momentPassed(before.current, left);
      before.current = left;
      if (moment !== null) setSaid(wordsOf(moment));
      if (moment === 0) chime(OVER);
      again({});
    }, TICK_MS);
    return () => clearInterval(ticking);
  }, [timer]);
  if (!timer.id) return null;
  const left = leftOf(timer, clock.now());
  const set = (change: typeof timer) => void classroom.steering.set(TIMER, change);
  return (
    <div class={`timer-banner ${left === 0 ? "over" : left < 30_000 ? "soon" : ""}`} role="timer" aria-label={t("timer")} data-testid="timer" data-left-ms={left} data-running={timer.endsAt > 0}>
      <span class="timer-left" data-testid="timer-left">{left === 0 ? t("timer_over") : clockOf(left)}</span>
      {!timer.endsAt && left > 0 && <span>{t("timer_rests")}</span>}
      <span class="usa-sr-only" role="status">{said}</span>
      {classroom.leads && (
        <span class="timer-buttons">
          {left > 0 && (
            <button class="board-tool" data-testid="timer-pause" onClick={() => set(timer.endsAt ? pauseTimer(timer, clock.now()) : resumeTimer(timer, clock.now()))}>
              {timer.endsAt ? t("timer_pause") : t("timer_go_on")}
            </button>
          )}
          <button class="board-tool" data-testid="timer-add" onClick={() => set(addMinute(timer, clock.now()))}>{t("timer_add")}</button>
          <button class="board-tool" data-testid="timer-end" onClick={() => set({ id: "", endsAt: 0, leftMs: 0 })}>{t("timer_end")}</button>
        </span>
      )}
    </div>
  );
}

function wordsOf(secondsLeft: number): string {
  if (secondsLeft === 0) return t("timer_over");
  if (secondsLeft < 60) return t("timer_seconds_left", { count: secondsLeft });
  return t("timer_minutes_left", { count: secondsLeft / 60 });
}
