import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { Sitting } from "../plan/day";
import { useNow } from "../ui/use-now";
import type { Supervised } from "./use-supervision";

/** What a child reads while no grown-up is in her class: who comes, that it is quiet until then, and one button. */
export function QuietBanner({ sitting, supervised }: { sitting: Sitting; supervised: Supervised }) {
  const now = useNow();
  const { state, call, hadAdult } = supervised;
  const [first, second] = sitting.teachers;
  const teacher = first ?? t("adult_your_teacher");
  const early = now < sitting.startsAt && !hadAdult;
  return (
    <section class="quiet-banner" data-testid="quiet" data-early={early} data-call={state.kind}>
      <div role="status">
        <p class="who">
          {early
            ? t("adult_not_yet", { teacher, time: timeOf(sitting.startsAt, sitting.timeZone) })
            : hadAdult
              ? t("adult_comes_back", { teacher })
              : t("adult_is_late", { teacher })}
          {!early && second && ` ${t("adult_looks_in", { teacher: second })}`}
        </p>
        <p>{t("adult_quiet_until")}</p>
        {state.kind === "called" && <p data-testid="adult-called">{t("adult_called", { time: timeOf(state.at, sitting.timeZone) })}</p>}
        {state.kind === "failed" && (
          <p data-testid="adult-call-failed">
            {t("adult_call_failed")}{" "}
            {sitting.phone && <a class="usa-link" href={`tel:${sitting.phone}`}>{t("school_phone", { number: sitting.phone })}</a>}
          </p>
        )}
      </div>
      {!early && state.kind !== "called" && (
        <button class="usa-button usa-button--big" data-testid="call-adult" disabled={state.kind === "calling"} onClick={call}>
          {t("adult_call")}
        </button>
      )}
    </section>
  );
}
