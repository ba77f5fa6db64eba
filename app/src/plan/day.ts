import type { BundleSection, SchoolPlan } from "../contracts";
import { lessonsOf } from "./lessons";
import { type Way, wayOf } from "./way";

/** One sitting of one of the person's sections, ready to show. Times in seconds. */
export interface Sitting extends Way {
  id: string;
  section: string;
  title: string;
  teachers: string[];
  period: string;
  startsAt: number;
  endsAt: number;
  tardyAfterMinutes: number;
  school: string;
  schoolName: string;
  phone: string;
  timeZone: string;
  role: BundleSection["role"];
}

/** Return all sittings of these sections that the plans hold, by time. */
export function sittings(sections: readonly BundleSection[], plans: readonly SchoolPlan[]): Sitting[] {
  const found: Sitting[] = [];
  for (const section of sections) {
    const plan = plans.find((one) => one.org === section.school);
    const planned = plan?.sections?.find((one) => one.id === section.id);
    if (!plan || !planned) continue;
    for (const meeting of planned.meetings ?? []) {
      // Whoever comes for a day has this day's classes and no others.
      if (meeting.starts_at < (section.from_at ?? 0) || meeting.starts_at >= (section.until_at || Infinity)) continue;
      found.push({
        id: meeting.id,
        section: section.id,
        title: planned.title || section.title,
        teachers: planned.teachers ?? [],
        period: meeting.period,
        startsAt: meeting.starts_at,
        endsAt: meeting.ends_at,
        tardyAfterMinutes: plan.tardy_after_minutes ?? 5,
        ...wayOf(lessonsOf(() => dateIn(plan.time_zone, meeting.starts_at), planned, plan.from_date), meeting, plan.detours ?? []),
        school: plan.org,
        schoolName: plan.name,
        phone: plan.phone ?? "",
        timeZone: plan.time_zone,
        role: section.role,
      });
    }
  }
  return found.sort((one, other) => one.startsAt - other.startsAt || one.title.localeCompare(other.title));
}

/** Return the ISO date of a moment in a time zone. */
export function dateIn(timeZone: string, atSeconds: number): string {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  return parts.format(atSeconds * 1000);
}

export function ofDay(all: readonly Sitting[], atSeconds: number): Sitting[] {
  return all.filter((one) => dateIn(one.timeZone, one.startsAt) === dateIn(one.timeZone, atSeconds));
}

/** Where the day stands: the sitting now or next today, the rest of today, and the next one of a later day. */
export interface DayState {
  current: Sitting | undefined;
  today: Sitting[];
  rest: Sitting[];
  nextDay: Sitting | undefined;
}

/** `opensSeconds`: how long before the bell a class may be entered. Of a class ending and one open, the open one is next. */
export function dayState(all: readonly Sitting[], atSeconds: number, opensSeconds: number): DayState {
  const today = ofDay(all, atSeconds);
  const left = today.filter((one) => one.endsAt > atSeconds);
  const opened = left.filter((one) => one.startsAt - opensSeconds <= atSeconds);
  const running = opened.find((one) => one.startsAt <= atSeconds);
  const current = running ?? opened[0] ?? left[0];
  return {
    current,
    today,
    rest: left.filter((one) => one !== current),
    nextDay: all.find((one) => one.startsAt > atSeconds && !today.includes(one)),
  };
}
