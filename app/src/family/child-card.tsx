import type { Child, FamilyStatus, SchoolPlan } from "../contracts";
import { ChildMoved } from "../detour/child-moved";
import { placeName } from "../detour/place";
import { t } from "../i18n";
import { dayOf, timeOf } from "../i18n/dates";
import { dayState, type Sitting, sittings } from "../plan/day";
import { startsWords } from "../today/countdown";
import { ChildMore } from "./child-more";
import { meetingWords } from "./meeting-words";

type Known = FamilyStatus["children"][number];

export function ChildCard(props: { child: Child; plans: SchoolPlan[]; now: number; opens: number; known: Known | null }) {
  const { child, now } = props;
  const day = dayState(sittings(child.sections, props.plans), now, props.opens);
  return (
    <article class="card child" data-testid={`child-${child.id}`}>
      <h2>{child.name}</h2>
      {child.grade && <p class="quiet">{child.grade === "KG" ? t("kindergarten") : t("grade", { grade: child.grade.replace(/^0/, "") })}</p>}
      {day.current ? (
        <p class="child-now">
          <strong>{day.current.title}</strong> · {startsWords(day.current, now)}
        </p>
      ) : (
        <p class="child-now">
          {day.today.length > 0 ? t("day_over") : t("no_classes_today")}{" "}
          {day.nextDay && t("next_school_day", { day: dayOf(day.nextDay.startsAt, day.nextDay.timeZone) })}
        </p>
      )}
      <ChildMoved left={day.today.filter((one) => one.endsAt > now)} now={now} />
      <ul>
        {day.today.map((sitting) => (
          <Row key={sitting.id} sitting={sitting} now={now} status={props.known?.meetings ?? null} />
        ))}
      </ul>
      <ChildMore child={child} known={props.known} titles={new Map(child.sections.map((one) => [one.id, one.title]))} />
    </article>
  );
}

function Row({ sitting, now, status }: { sitting: Sitting; now: number; status: Known["meetings"] | null }) {
  const known = status?.find((one) => one.id === sitting.id);
  return (
    <li data-status={known?.status ?? ""}>
      <time>{timeOf(sitting.startsAt, sitting.timeZone)}</time>
      <span class="rest-title">
        {sitting.title}
        {sitting.pathway !== "live" && <span class="usa-tag">{placeName(sitting.pathway)}</span>}
      </span>
      <span class="child-status">{meetingWords(sitting, now, known, status !== null)}</span>
    </li>
  );
}
