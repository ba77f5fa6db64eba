import type { HeldPlan } from "../keep/kept";

// The office's own default, for a device that holds no plan yet.
const OPENS_SECONDS = 600;

/** How long before the bell one may go into class, in seconds. */
export const opensSecondsOf = (held: HeldPlan | null | undefined): number => held?.index.join_opens_seconds ?? OPENS_SECONDS;
