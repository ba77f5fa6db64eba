import type { Member, Roll } from "../contracts";

export type RollState = "here" | "late" | "not_yet";

export interface RollRow {
  sub: string;
  name: string;
  state: RollState;
  /** ms; 0 while she has not come, or came through a door that does not answer. */
  arrivedAt: number;
  live: boolean;
}

/** Return the students in the order of the class list, each as the doors and the live class know her. */
export function rollRows(how: {
  members: readonly Member[];
  arrivals: ReadonlyMap<string, number>;
  live: ReadonlySet<string>;
  startsAt: number;
  tardyAfterMinutes: number;
}): RollRow[] {
  const students = how.members.filter((member) => member.role === "student");
  return students.map(({ id, name }) => {
    const arrivedAt = how.arrivals.get(id) ?? 0;
    const live = how.live.has(id);
    const late = arrivedAt >= (how.startsAt + Math.max(1, how.tardyAfterMinutes) * 60) * 1000;
    const state = arrivedAt ? (late ? "late" : "here") : live ? "here" : "not_yet";
    return { sub: id, name, state, arrivedAt, live };
  });
}

/** Of several doors' rolls, each student's first arrival. */
export function firstArrivals(rolls: Iterable<Roll>): Map<string, number> {
  const first = new Map<string, number>();
  for (const roll of rolls)
    for (const { sub, arrived_at } of roll.entries) first.set(sub, Math.min(arrived_at, first.get(sub) ?? Infinity));
  return first;
}

export interface RollSum {
  here: number;
  late: number;
  all: number;
}

/** Who came late is here, too. */
export function sumOf(rows: readonly RollRow[]): RollSum {
  const late = rows.filter((row) => row.state === "late").length;
  return { here: rows.filter((row) => row.state === "here").length + late, late, all: rows.length };
}
