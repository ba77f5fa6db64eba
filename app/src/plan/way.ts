import type { Alternate, Detour, MeetingPlan, PathwayKind, SectionPlan } from "../contracts";

/** How one sitting meets, a detour in force taken into account. */
export interface Way {
  pathway: PathwayKind;
  /** The place to go to first, then the others. */
  alternates: Alternate[];
  /** Of a detour that touches this sitting, what people are told of it. */
  detour: Detour | null;
  /** The detour takes the class to another place than usual, or back to live; one of the times alone does not. */
  moved: boolean;
}

/**
 * Return how a meeting meets. The office has decided which detour moves it; nothing is computed again here. A detour
 * without a pathway leaves it to the teacher: the first of her section's places.
 */
export function wayOf(section: SectionPlan, meeting: MeetingPlan, detours: readonly Detour[]): Way {
  const usual = section.pathway ?? "live";
  const all = section.alternates ?? [];
  const detour = detours.find((one) => one.id === meeting.detour) ?? null;
  const chosen = all.find((one) => one.kind !== "live")?.kind ?? "link";
  const pathway = !meeting.detour || isOfTimes(detour) ? usual : meeting.pathway || chosen;
  return { pathway, alternates: inOrder(all, pathway), detour, moved: pathway !== usual };
}

/** The chosen kind first; the lesson to do alone after every place where the class meets, unless it is the chosen one. */
export function inOrder(alternates: readonly Alternate[], pathway: PathwayKind): Alternate[] {
  const rank = (one: Alternate): number => (one.kind === pathway ? 0 : one.kind === "packet" ? 2 : 1);
  return alternates.filter((one) => one.kind !== "live").sort((one, other) => rank(one) - rank(other));
}

/** Say whether a detour only changes when classes begin. */
export const isOfTimes = (detour: Detour | null): boolean => Object.keys(detour?.shift_minutes ?? {}).length > 0;
