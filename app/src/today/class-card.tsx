import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { Sitting } from "../plan/day";
import { Link } from "../ui/link";
import { CheckSummary } from "./check-summary";
import { startsWords } from "./countdown";
import { JoinButton } from "./join-button";

/** The class now or next. */
export function ClassCard({ sitting, now, opens }: { sitting: Sitting; now: number; opens: number }) {
  const running = sitting.startsAt <= now;
  const [teacher] = sitting.teachers;
  return (
    <article class="card now" data-testid="class-card" data-meeting={sitting.id} data-section={sitting.section}>
      <p class="eyebrow">
        {running ? t("now") : t("next")} · {timeOf(sitting.startsAt, sitting.timeZone)}–{timeOf(sitting.endsAt, sitting.timeZone)}
      </p>
      <div class="now-row">
        <h2>{teacher && sitting.role === "student" ? t("class_with", { title: sitting.title, teacher }) : sitting.title}</h2>
        <p class="countdown" role="timer">{startsWords(sitting, now)}</p>
      </div>
      {sitting.pathway !== "live" && <p class="moved">{t("moved_today")}</p>}
      {sitting.role === "student" && <CheckSummary />}
      <JoinButton sitting={sitting} now={now} opens={opens} />
      {sitting.role !== "student" && (
        <Link to={`/class/${sitting.section}`} class="usa-button usa-button--outline" testid="to-class-list">
          {t("class_list")}
        </Link>
      )}
    </article>
  );
}
