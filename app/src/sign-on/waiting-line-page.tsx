import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { Alert } from "../ui/alert";
import { roughly, type Waiting } from "./waiting-line";
import { stopWaiting } from "./waiting-line-office";

// A screen reader that says each step reads nothing else any more.
const SAID_EVERY_MS = 20_000;

/** "You are number 132. About 1 minute. Your place is kept." */
export function WaitingLinePage({ now }: { now: Waiting }) {
  const left = useCountdown(now);
  const number = t("line_number", { number: now.place + 1 });
  const about = aboutTime(left);
  const said = useSaidNowAndThen(`${number} ${about} ${t("line_kept")}`);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []); // the button that had it is gone
  const percent = Math.round(now.progress * 100);
  return (
    <div class="waiting-line" data-testid="waiting-line">
      <h1 ref={title} tabIndex={-1}>{t("line_title")}</h1>
      <p class="line-number" data-testid="line-number">{number}</p>
      <progress class="line-bar" max={100} value={percent} aria-label={t("line_bar")} data-testid="line-bar" />
      <p class="line-time" data-testid="line-time">{about}</p>
      {now.reached ? <p>{t("line_kept")}</p> : <Alert kind="info" testid="line-resting">{t("line_resting")}</Alert>}
      <p class="quiet">{t("line_hint")}</p>
      <p class="usa-sr-only" role="status" aria-live="polite">{said}</p>
      <button type="button" class="usa-button usa-button--unstyled" onClick={stopWaiting} data-testid="line-stop">
        {t("line_stop")}
      </button>
    </div>
  );
}

function aboutTime(leftMs: number): string {
  const { unit, count } = roughly(leftMs);
  if (count === 0) return t("line_soon");
  return unit === "minutes" ? t("line_minutes", { count }) : t("line_seconds", { count });
}

/** The time left in ms, each second a little less; without the office it stands still. */
function useCountdown(now: Waiting): number {
  const [ticks, setTicks] = useState(performance.now());
  const last = useRef(0);
  useEffect(() => {
    const timer = setInterval(() => setTicks(performance.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  if (now.reached) last.current = Math.max(0, now.turnAt - ticks);
  return last.current;
}

function useSaidNowAndThen(text: string): string {
  const [said, setSaid] = useState("");
  const newest = useRef(text);
  newest.current = text;
  useEffect(() => {
    // Not at once: a region that appears with its text is not read out.
    const first = setTimeout(() => setSaid(newest.current), 500);
    const timer = setInterval(() => setSaid(newest.current), SAID_EVERY_MS);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, []);
  return said;
}
