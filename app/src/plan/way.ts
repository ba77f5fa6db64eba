import type { Alternate, Detour, MeetingPlan, PathwayKind, SectionPlan } from "../contracts";

/** How one sitting meets, a detour in force taken into account. */
export interface Way {
  pathway: PathwayKind;
  /** The place to go to first, then the others. */
  alternates: Alternate[];
  /** Of a detour that moves this sitting, or shifts its time, what people are told of it. */
  detour: Detour | null;
  /** The detour takes the class to another place than usual, or back to live. */
  moved: boolean;
}

/**
 * Return how a meeting meets. The office has decided which detour moves it; nothing is computed again here. A detour
 * without a pathway leaves it to the teacher: the first of her section's places; who chose none has the lesson on the
 * device (as at the door, door/meeting_columns.py).
 */
export function wayOf(section: SectionPlan, meeting: MeetingPlan, detours: readonly Detour[]): Way {
  const usual = section.pathway ?? "live";
  const all = section.alternates ?? [];
  if (!meeting.detour) return { pathway: usual, alternates: inOrder(all, usual), detour: shiftOf(section, meeting, detours), moved: false };
  const pathway = meeting.pathway || (all[0]?.kind ?? "packet");
  const detour = detours.find((one) => one.id === meeting.detour) ?? null;
  return { pathway, alternates: inOrder(all, pathway), detour, moved: pathway !== usual };
}

/** The chosen kind first; the lesson to do alone after every place where the class meets, unless it is the chosen one. */
export function inOrder(alternates: readonly Alternate[], pathway: PathwayKind): Alternate[] {
  const rank = (one: Alternate): number => (one.kind === pathway ? 0 : one.kind === "packet" ? 2 : 1);
  return alternates.filter((one) => one.kind !== "live").sort((one, other) => rank(one) - rank(other));
}

/** Say whether a detour only changes when classes begin. */
export const isShift = (detour: Detour | null): boolean => Object.keys(detour?.shift_minutes ?? {}).length > 0;

/**
 * A meeting's times are the shifted ones already, and only why has to be told: the staggered start of its band. Of two at
 * once neither is named, since which of them counts is the office's word.
 */
function shiftOf(section: SectionPlan, meeting: MeetingPlan, detours: readonly Detour[]): Detour | null {
  const [band = "", region = ""] = section.cohort.split("@");
  const holds = (wanted: readonly string[] | undefined, value: string): boolean => !wanted?.length || wanted.includes(value);
  const found = detours.filter((one) => {
    const minutes = one.shift_minutes?.[band] ?? 0;
    const before = meeting.starts_at - minutes * 60;
    return (
      minutes !== 0 && one.from_at <= before && (!one.until_at || before < one.until_at) &&
      holds(one.scope?.bands, band) && holds(one.scope?.regions, region) && holds(one.scope?.sections, section.id)
    );
  });
  return found.length === 1 ? found[0]! : null;
}
