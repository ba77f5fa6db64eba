import type { LiveActions } from "./class-list";
import type { RollRow } from "./roll-rows";

const WHERES = ["here", "away", "group", "waiting", "left", "trying", "out", "not_yet"] as const;

export interface Where {
  kind: (typeof WHERES)[number];
  values: Record<string, string | number>;
}

/**
 * Say in one word where a student is: as the live class sees her, else as the doors do. Trying: a door let her in, and she
 * was not seen in class yet.
 */
export function whereIs(row: Pick<RollRow, "sub" | "live" | "arrivedAt">, known: Pick<LiveActions, "away" | "seen" | "groups" | "out" | "waiting">): Where {
  const { sub } = row;
  const group = known.groups.get(sub);
  if (known.out.has(sub)) return { kind: "out", values: {} };
  if (group !== undefined) return { kind: "group", values: { group } };
  if (row.live) return { kind: known.away.has(sub) ? "away" : "here", values: {} };
  if (known.waiting.has(sub)) return { kind: "waiting", values: {} };
  if (known.seen.has(sub)) return { kind: "left", values: {} };
  return { kind: row.arrivedAt > 0 ? "trying" : "not_yet", values: {} };
}

/** At a glance: how many are in class, in a group, waiting to be let in, on their way, not here. */
export type Glance = Record<(typeof GLANCES)[number], number>;
export const GLANCES = ["class", "group", "waiting", "trying", "not_here"] as const;

const GLANCE_OF = {
  here: "class", away: "class", group: "group", waiting: "waiting", trying: "trying", left: "not_here", out: "not_here", not_yet: "not_here",
} as const satisfies Record<Where["kind"], keyof Glance>;

export function glanceOf(rows: readonly Pick<RollRow, "sub" | "live" | "arrivedAt">[], known: Parameters<typeof whereIs>[1]): Glance {
  const glance: Glance = { class: 0, group: 0, waiting: 0, trying: 0, not_here: 0 };
  for (const row of rows) glance[GLANCE_OF[whereIs(row, known).kind]]++;
  return glance;
}
