// Who reloads in a group that is over meets nobody there; a grown-up is in every group that is open.
export const NOBODY_HERE_MS = 6_000;
// Her teacher's device is gone for long: the group is quiet since 10 s and called after 60 s. In the class they are all together.
export const ALONE_AT_MOST_MS = 90_000;

export interface Situation {
  /** This device has heard from a grown-up about groups since the page was loaded. */
  told: boolean;
  /** Where she belongs: a group, or 0, the class. */
  mine: number;
  /** Where this device is. */
  here: number;
  /** The group she holds a seat for that she may still take; 0: none. */
  seat: number;
  /** For how long no grown-up has been here. */
  aloneMs: number;
  /** A grown-up was here since she came to this place. */
  hadAdult: boolean;
}

/** What a student's device does next. "ask": for a seat, or for word, and wait where it is. */
export type Step = "stay" | "go" | "ask" | "back";

export function nextStep(now: Situation): Step {
  if (now.here > 0) {
    if (now.aloneMs >= (now.hadAdult ? ALONE_AT_MOST_MS : NOBODY_HERE_MS)) return "back";
    if (!now.told) return "ask";
    if (now.mine === now.here) return "stay";
    if (now.mine === 0) return "back";
  } else if (now.mine === 0) return "stay";
  // With nobody grown-up here she does not walk off alone: who leads the class sends her.
  if (now.aloneMs > 0 && now.here === 0) return "stay";
  return now.seat === now.mine ? "go" : "ask";
}
