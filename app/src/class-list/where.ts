import type { LiveActions } from "./class-list";
import type { RollRow } from "./roll-rows";

export interface Where {
  kind: "here" | "away" | "group" | "left" | "trying" | "out" | "not_yet";
  values: Record<string, string | number>;
}

/**
 * Say in one word where a student is: as the live class sees her, else as the doors do. Trying: a door let her in, and she
 * was not seen in class yet.
 */
export function whereIs(row: Pick<RollRow, "sub" | "live" | "arrivedAt">, known: Pick<LiveActions, "away" | "seen" | "groups" | "out">): Where {
  const { sub } = row;
  const group = known.groups.get(sub);
  if (known.out.has(sub)) return { kind: "out", values: {} };
  if (group !== undefined) return { kind: "group", values: { group } };
  if (row.live) return { kind: known.away.has(sub) ? "away" : "here", values: {} };
  if (known.seen.has(sub)) return { kind: "left", values: {} };
  return { kind: row.arrivedAt > 0 ? "trying" : "not_yet", values: {} };
}
