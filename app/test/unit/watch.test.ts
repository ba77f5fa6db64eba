import { expect, test } from "vitest";
import type { AloneMeeting, Bundle, SchoolPlan, Watch } from "../../src/contracts";
import { liveNameOf, isFresh } from "../../src/live/seat-token";
import { turnOf } from "../../src/live/turn";
import { titleWith } from "../../src/watch/announcer";
import { dutySittings, sittingFor, watches } from "../../src/watch/duty";
import { mergeWatches, STALE_AFTER_MS } from "../../src/watch/merge";

const NOW = 1_000_000;
const alone = (meeting: string, more: Partial<AloneMeeting> = {}): AloneMeeting => ({
  meeting, section: "s", org: "o", since: 100, students: 4, called_at: 0, ...more,
});
const said = (door: string, server_at: number, ...all: AloneMeeting[]): Watch => ({ door, server_at, alone: all });

test("a class is alone if any door says so; of one class the newest word counts, and every door's call", () => {
  const merged = mergeWatches(
    [
      said("d1", NOW - 100, alone("m1", { students: 5 }), alone("m2", { since: 50 })),
      said("d2", NOW, alone("m1", { students: 3 })),
      said("d3", NOW - 50, alone("m1", { called_at: 120 })),
    ],
    NOW,
  );
  expect(merged).toEqual([alone("m2", { since: 50 }), alone("m1", { students: 3, called_at: 120 })]);
  expect(mergeWatches([], NOW)).toEqual([]);
});

test("what a silent door said last gets old", () => {
  expect(mergeWatches([said("d1", NOW - STALE_AFTER_MS - 1, alone("m1"))], NOW)).toEqual([]);
});

const meetings = (id: string, turn?: number) => [{ id, period: "1", starts_at: 100, ends_at: 200, ...(turn && { turn }) }];
const PLAN: SchoolPlan = {
  v: 1, district: "d", org: "school", name: "Olinda", version: 1, from_date: "", until_date: "", time_zone: "UTC",
  sections: [
    { id: "math", title: "Math 7", cohort: "c", meetings: meetings("m1", 2) },
    { id: "art", title: "Art", cohort: "c", meetings: meetings("m2") },
  ],
};
const person = { id: "p", kind: "teacher", name: "P", language: "en", grade: "", staff_pages: false } as const;
const section = { id: "math", title: "Math 7", school: "school", role: "teacher" as const, members: [] };
const bundle = (changed: object): Bundle => ({ person, sections: [], schools: ["school"], ...changed }) as unknown as Bundle;

test("duty opens every class of her schools; without it only one's own", () => {
  const onDuty = bundle({ person: { ...person, kind: "operator", duty: ["school"] }, sections: [section] });
  expect(dutySittings(onDuty, [PLAN]).map((one) => [one.id, one.role])).toEqual([["m2", "aide"]]);
  expect(sittingFor(onDuty, [PLAN], "m1")?.role).toBe("teacher");
  expect(sittingFor(onDuty, [PLAN], "m2")?.title).toBe("Art");
  expect(sittingFor(bundle({ sections: [section] }), [PLAN], "m2")).toBeUndefined();
  expect(dutySittings(bundle({ person: { ...person, duty: ["elsewhere"] } }), [PLAN])).toEqual([]);
});

test("who is told: whoever teaches, helps, or has duty; never a student", () => {
  expect(watches(bundle({ sections: [section] }))).toBe(true);
  expect(watches(bundle({ person: { ...person, kind: "operator", duty: ["school"] } }))).toBe(true);
  expect(watches(bundle({ person: { ...person, kind: "operator" } }))).toBe(false);
  expect(watches(bundle({ person: { ...person, kind: "student" }, sections: [section] }))).toBe(false);
  expect(watches(null)).toBe(false);
});

test("the title counts them", () => {
  expect([titleWith("School", 0), titleWith("School", 2)]).toEqual(["School", "(2) School"]);
});

test("a meeting's turn is what the plan says, and 0 while it says nothing", () => {
  expect([turnOf([PLAN], "m1"), turnOf([PLAN], "m2"), turnOf([PLAN], "other"), turnOf([], "m1")]).toEqual([2, 0, 0, 0]);
});

test("a seat's token says its live name and until when it is good; what is no token says neither", () => {
  const token = `x.${btoa(JSON.stringify({ exp: 500, video: { room: "m1" } }))}.y`;
  const seat = { node: "n1", url: "", identity: "", token };
  expect(liveNameOf(token)).toBe("m1");
  expect([isFresh(seat, 499), isFresh(seat, 500)]).toEqual([true, false]);
  for (const bad of ["", "a.b.c", "x.bnVsbA.y", `x.${btoa('{"video":5}')}.y`]) {
    expect(liveNameOf(bad)).toBe("");
    expect(isFresh({ ...seat, token: bad }, 0)).toBe(false);
  }
});
