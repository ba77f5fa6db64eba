import type { RegisterStatus } from "../contracts";
import type { Sitting } from "../plan/day";

/** Return the minutes that go with a mark "tardy", counted from the bell, where the arrival is known. */
export function minutesLate(status: RegisterStatus, arrivedAtMs: number, sitting: Sitting | undefined): number | undefined {
  if (status !== "tardy" || !arrivedAtMs || !sitting) return undefined;
  const minutes = Math.floor((arrivedAtMs / 1000 - sitting.startsAt) / 60);
  return Math.max(0, Math.min(600, minutes));
}
