import { isRecord } from "../../lib/request";

// This window's, so that a reload goes back into the group; another window begins in the class.
const NAME = "schoolday.group_seat";

/** A seat in a group. `main`: the class's live name when it was given: with a new turn of the class it is of no use. */
export interface HeldSeat {
  meeting: string;
  main: string;
  group: number;
  token: string;
}

export function heldSeat(meeting: string): HeldSeat | null {
  try {
    const held: unknown = JSON.parse(sessionStorage.getItem(NAME) ?? "null");
    if (!isRecord(held) || held.meeting !== meeting) return null;
    const { main, group, token } = held;
    if (typeof main !== "string" || typeof token !== "string" || typeof group !== "number") return null;
    return { meeting, main, group, token };
  } catch {
    return null; // barred, or not ours: then her teacher's device tells her anew
  }
}

export function keepHeldSeat(held: HeldSeat | null): void {
  try {
    if (held) sessionStorage.setItem(NAME, JSON.stringify(held));
    else sessionStorage.removeItem(NAME);
  } catch {
    return; // barred or full: a reload then begins in the class, and her teacher's device sends her on
  }
}
