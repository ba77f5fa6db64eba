import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../i18n";
import { clock } from "../../lib/clock";
import { chime } from "../../ui/chime";

const WARN_AT_SECONDS = [60, 10];
const WARNING = [{ hz: 520, seconds: 0.18, level: 0.25 }];

/** How long the groups go on, every second; at one minute and at ten seconds it is said aloud. */
export function TimeLeft({ until, warn }: { until: number; warn: boolean }) {
  const seconds = useSecondsLeft(until);
  const before = useRef(seconds);
  const [warned, setWarned] = useState(0);
  useEffect(() => {
    const passed = WARN_AT_SECONDS.find((at) => before.current > at && seconds <= at && seconds > 0);
    before.current = seconds;
    if (passed === undefined || !warn) return;
    setWarned(passed);
    chime(WARNING);
  }, [seconds]);
  if (until === 0) return null;
  const words = t("groups_time_left", { minutes: Math.floor(seconds / 60), seconds: String(seconds % 60).padStart(2, "0") });
  return (
    <>
      <span class="time-left" data-testid="group-time" data-seconds={seconds} role="timer" aria-live="off">{words}</span>
      {warn && seconds > 0 && seconds <= warned && (
        <strong role="alert" data-testid="group-warning">{t(warned === 60 ? "groups_back_in_one" : "groups_back_in_ten")}</strong>
      )}
    </>
  );
}

function useSecondsLeft(until: number): number {
  const left = (): number => Math.max(0, Math.ceil((until - clock.now()) / 1000));
  const [seconds, set] = useState(left);
  useEffect(() => {
    set(left());
    if (until === 0) return;
    const timer = setInterval(() => set(left()), 250);
    return () => clearInterval(timer);
  }, [until]);
  return seconds;
}
