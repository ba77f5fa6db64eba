import { t } from "../i18n";
import type { Step } from "./ladder";
import { useEffect, useState } from "preact/hooks";

/** What the ladder is doing, in one sentence. */
export function StepLine({ step, teacher }: { step: Step | null; teacher: string }) {
  return (
    <div class="step" role="status" aria-live="polite" data-testid="step">
      <span class="spinner" aria-hidden="true" />
      <p>{words(step)} {step?.kind === "waiting" && <Seconds key={step.attempt} ms={step.retryInMs} />}</p>
      {teacher && <p class="quiet">{t("seat_kept_with", { teacher })}</p>}
    </div>
  );
}

function words(step: Step | null): string {
  if (!step || (step.kind === "asking" && step.attempt === 0)) return t("step_opening");
  if (step.kind === "asking") return t("step_next_door");
  if (step.layer === "line") return t("step_line");
  return step.kind === "waiting" ? t("step_waiting") : t("step_next_door");
}

function Seconds({ ms }: { ms: number }) {
  const [left, setLeft] = useState(Math.ceil(ms / 1000));
  useEffect(() => {
    const timer = setInterval(() => setLeft((before) => Math.max(1, before - 1)), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span>{t("seconds", { count: left })}</span>;
}
