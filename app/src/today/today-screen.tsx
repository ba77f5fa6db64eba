import type { Bundle } from "../contracts";
import { t } from "../i18n";
import { dayOf } from "../i18n/dates";
import { OfflineWays } from "../joining/offline-ways";
import { dayState, sittings } from "../plan/day";
import { opensSecondsOf } from "../plan/opens";
import { bundle as bundleCell, plan } from "../state";
import { Alert } from "../ui/alert";
import { Link } from "../ui/link";
import { useCell } from "../ui/use-cell";
import { useNow } from "../ui/use-now";
import { AloneCards } from "../watch/alone-cards";
import { ClassCard } from "./class-card";
import { DayFoot } from "./day-foot";
import { Greeting } from "./greeting";
import { PictureDay } from "./picture-day";
import { RestOfDay } from "./rest-of-day";
import { SavedNotice } from "./saved-notice";

const SMALL_CHILDREN = new Set(["PK", "KG", "01", "02"]);

/** The person's own day: what is now or next, one large button, and the rest. */
export function TodayScreen({ bundle }: { bundle: Bundle }) {
  const held = useCell(plan);
  const now = useNow();
  useCell(bundleCell);
  const all = sittings(bundle.sections, held?.schools ?? []);
  const opens = opensSecondsOf(held);
  const day = dayState(all, now, opens);
  const zone = held?.schools[0]?.time_zone ?? "";
  const phones = [...new Set((held?.schools ?? []).map((school) => school.phone ?? "").filter(Boolean))];
  const small = bundle.person.kind === "student" && SMALL_CHILDREN.has(bundle.person.grade);
  return (
    <section data-testid="today">
      <Greeting name={bundle.person.name} now={now} zone={zone} />
      <AloneCards />
      <SavedNotice />
      {!held ? (
        <Loading sections={bundle.sections.length} />
      ) : small && day.today.length > 0 ? (
        <>
          <PictureDay day={day} now={now} opens={opens} />
          {day.current && <OfflineWays sitting={day.current} now={now} opens={opens} />}
        </>
      ) : day.current ? (
        <>
          <ClassCard sitting={day.current} now={now} opens={opens} />
          <OfflineWays sitting={day.current} now={now} opens={opens} />
          <RestOfDay rest={day.rest} now={now} />
        </>
      ) : (
        <div class="card" data-testid="no-classes">
          <h2>{day.today.length > 0 ? t("day_over") : t("no_classes_today")}</h2>
          {day.nextDay && <p>{t("next_school_day", { day: dayOf(day.nextDay.startsAt, day.nextDay.timeZone) })}</p>}
        </div>
      )}
      {bundle.person.kind === "teacher" && (
        <p>
          <a class="usa-link" href="/office/readiness/own/" data-testid="own-ready">{t("desk_own_ready")}</a><br />
          <Link to="/practice" testid="practice-link">{t("practice_link")}</Link>
        </p>
      )}
      <DayFoot phones={phones} family={bundle.children.length > 0} book={small ? "" : bookOf(bundle)} watches={bundle.person.kind === "student"} />
    </section>
  );
}

/** Her own line, or a teacher's classes. A small child came by a badge, which opens none of the office's pages. */
function bookOf({ person }: Bundle): string {
  if (person.kind === "student") return `/office/book/child/${person.id}/`;
  return person.kind === "teacher" ? "/office/book/" : "";
}

function Loading({ sections }: { sections: number }) {
  if (sections === 0) return <Alert kind="info">{t("no_sections")}</Alert>;
  return (
    <div class="card" role="status" data-testid="plan-loading">
      <span class="spinner" aria-hidden="true" /> {t("plan_loading")}
    </div>
  );
}
