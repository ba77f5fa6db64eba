import { MovedNote } from "../detour/moved-note";
import { placeName } from "../detour/place";
import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import { Alternates } from "../joining/alternates";
import { PacketHere } from "../packets/packet-here";
import type { Sitting } from "../plan/day";
import { bundle } from "../state";
import { Link } from "../ui/link";
import { useCell } from "../ui/use-cell";
import { CheckSummary } from "./check-summary";
import { startsWords } from "./countdown";
import { JoinButton } from "./join-button";
import { PlanBLink } from "./plan-b-link";

/** The class now or next. */
export function ClassCard({ sitting, now, opens }: { sitting: Sitting; now: number; opens: number }) {
  const running = sitting.startsAt <= now;
  const [teacher] = sitting.teachers;
  const sub = useCell(bundle)?.person.id ?? "";
  const elsewhere = sitting.pathway !== "live";
  return (
    <article class="card now" data-testid="class-card" data-meeting={sitting.id} data-section={sitting.section}>
      <p class="eyebrow">
        {running ? t("now") : t("next")} · {timeOf(sitting.startsAt, sitting.timeZone)}–{timeOf(sitting.endsAt, sitting.timeZone)}
      </p>
      <div class="now-row">
        <h2>{teacher && sitting.role === "student" ? t("class_with", { title: sitting.title, teacher }) : sitting.title}</h2>
        <p class="countdown" role="timer">{startsWords(sitting, now)}</p>
      </div>
      {elsewhere && !sitting.moved && <p class="moved">{placeName(sitting.pathway)}</p>}
      <MovedNote sitting={sitting} />
      {sitting.role === "student" && <CheckSummary />}
      {elsewhere && now >= sitting.startsAt - opens ? (
        <Alternates sitting={sitting} alternates={sitting.alternates} sub={sub} words="" />
      ) : (
        <JoinButton sitting={sitting} now={now} opens={opens} />
      )}
      <PacketHere sitting={sitting} />
      {(sitting.role === "teacher" || sitting.role === "aide") && (
        <Link to={`/class/${sitting.section}`} class="usa-button usa-button--outline" testid="to-class-list">
          {t("class_list")}
        </Link>
      )}
      <PlanBLink section={sitting.section} role={sitting.role} />
    </article>
  );
}
