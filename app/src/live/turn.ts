import type { SchoolPlan } from "../contracts";

/** Return which turn of a meeting the plans say; 0 while they say nothing. */
export function turnOf(plans: readonly SchoolPlan[], meeting: string): number {
  for (const plan of plans)
    for (const section of plan.sections ?? [])
      for (const one of section.meetings ?? []) if (one.id === meeting) return one.turn ?? 0;
  return 0;
}
