import type { Bundle, SchoolPlan } from "../contracts";
import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import { dayState, sittings } from "../plan/day";
import { startsWords } from "../today/countdown";
import { JoinButton } from "../today/join-button";

/** For a guardian whom the school lets look into a class: the way in, and what the class knows of her. Nothing else of the day. */
export function VisitCard(props: { bundle: Bundle; plans: SchoolPlan[]; now: number; opens: number }) {
  const { now, opens } = props;
  const visits = sittings(props.bundle.sections, props.plans).filter((one) => one.role === "observer" && one.pathway === "live");
  const { current } = dayState(visits, now, opens);
  if (!current) return null;
  const [teacher] = current.teachers;
  return (
    <article class="card now" data-testid="visit" data-section={current.section} data-meeting={current.id}>
      <p class="eyebrow">
        {t("visit_title")} · {timeOf(current.startsAt, current.timeZone)}–{timeOf(current.endsAt, current.timeZone)}
      </p>
      <div class="now-row">
        <h2>{teacher ? t("class_with", { title: current.title, teacher }) : current.title}</h2>
        <p class="countdown" role="timer">{startsWords(current, now)}</p>
      </div>
      <p>{t("visit_what")}</p>
      <JoinButton sitting={current} now={now} opens={opens} />
    </article>
  );
}
