import type { Ticket } from "../contracts";
import type { SchoolPlan } from "../contracts";
import { liveNameOf } from "./seat-token";

/** Return which turn of a meeting the plans say; 0 while they say nothing. */
export function turnOf(plans: readonly SchoolPlan[], meeting: string): number {
  for (const plan of plans)
    for (const section of plan.sections ?? [])
      for (const one of section.meetings ?? []) if (one.id === meeting) return one.turn ?? 0;
  return 0;
}

/** The live name a ticket leads to: another turn of the meeting has another one. */
export const liveNameIn = (ticket: Ticket): string => liveNameOf(ticket.seats?.[0]?.token ?? "");
