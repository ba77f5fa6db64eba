import { expect, test } from "vitest";
import type { Member, Roll } from "../../src/contracts";
import { minutesLate } from "../../src/class-list/minutes-late";
import { firstArrivals, rollRows, sumOf } from "../../src/class-list/roll-rows";
import type { Sitting } from "../../src/plan/day";

const BELL = 1_000_000;
const MEMBERS: Member[] = [
  { id: "t", name: "Ms. Ruiz", role: "teacher" },
  ...["a", "b", "c", "d"].map((id) => ({ id, name: id, role: "student" as const })),
];
const roll = (door: string, entries: [string, number][]): Roll => ({
  meeting: "m", door, server_at: 0, entries: entries.map(([sub, at]) => ({ sub, arrived_at: at * 1000 })),
});

test("here, late, not yet, and in the live class without any door's word", () => {
  const rows = rollRows({
    members: MEMBERS,
    arrivals: firstArrivals([roll("d1", [["a", BELL - 60], ["b", BELL + 300]])]),
    live: new Set(["c"]),
    startsAt: BELL,
    tardyAfterMinutes: 5,
  });
  expect(rows.map((row) => `${row.sub} ${row.state}`)).toEqual(["a here", "b late", "c here", "d not_yet"]);
  expect(sumOf(rows)).toEqual({ here: 3, late: 1, all: 4 });
});

test("of two doors the first arrival counts", () => {
  const first = firstArrivals([roll("d1", [["a", BELL + 900]]), roll("d2", [["a", BELL - 10]])]);
  expect(first.get("a")).toBe((BELL - 10) * 1000);
});

test("late begins when the school says, as in the register; never at the bell itself", () => {
  const state = (seconds: number, tardyAfterMinutes: number) =>
    rollRows({
      members: MEMBERS, arrivals: firstArrivals([roll("d1", [["a", BELL + seconds]])]), live: new Set(), startsAt: BELL, tardyAfterMinutes,
    })[0]!.state;
  expect(state(299, 5)).toBe("here");
  expect(state(599, 10)).toBe("here");
  expect(state(600, 10)).toBe("late");
  expect(state(59, 0)).toBe("here");
});

test("a mark 'late' carries the minutes that are known", () => {
  const sitting = { startsAt: BELL } as Sitting;
  expect(minutesLate("tardy", (BELL + 430) * 1000, sitting)).toBe(7);
  expect(minutesLate("tardy", (BELL - 430) * 1000, sitting)).toBe(0);
  expect(minutesLate("tardy", 0, sitting)).toBeUndefined();
  expect(minutesLate("absent", (BELL + 430) * 1000, sitting)).toBeUndefined();
});
