import { t } from "../i18n";
import { isOffline } from "../lib/line";
import type { Step } from "./ladder";
import { reached } from "../state";
import { useCell } from "../ui/use-cell";
import { useEffect, useState } from "preact/hooks";

/** What the ladder is doing, in one sentence, and in how many seconds something happens at the latest. */
export function StepLine({ step, teacher }: { step: Step | null; teacher: string }) {
  useCell(reached);
  const until = step && "retryInMs" in step ? step.retryInMs : 0;
  return (
    <div class="step" data-testid="step">
      <span class="spinner" aria-hidden="true" />
      <p>
        <span role="status" aria-live="polite">{words(step)}</span>{" "}
        {step && until > 0 && <Seconds key={`${step.kind}${step.attempt}`} ms={until} />}
      </p>
      {teacher && <p class="quiet">{t("seat_kept_with", { teacher })}</p>}
    </div>
  );
}

function words(step: Step | null): string {
  if (!step || step.kind === "asking") return t("step_opening");
  if (step.kind === "next_door") return t(step.layer === "slow" ? "step_next_door" : "step_door_closed");
  if (step.busy) return t("step_waiting");
  // A browser calls a dead door and a cut line by the same name; whether the plan came tells them apart.
  return t(isOffline() || (step.layer === "line" && reached.value === false) ? "step_line" : "step_no_door");
}

/** Not read out: a number a second would drown the sentence. */
function Seconds({ ms }: { ms: number }) {
  const [left, setLeft] = useState(Math.ceil(ms / 1000));
  useEffect(() => {
    const timer = setInterval(() => setLeft((before) => Math.max(1, before - 1)), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span aria-live="off">{t("seconds", { count: left })}.</span>;
}
