import { expect, test } from "vitest";
import type { BundleSection, SchoolPlan } from "../../src/contracts";
import { shouldRenew } from "../../src/office/renew-when";
import { dateIn, dayState, sittings } from "../../src/plan/day";

const ZONE = "America/New_York";
const EIGHT = Date.UTC(2026, 8, 1, 12) / 1000; // Tuesday, 1 September 2026, 8:00 in Miami
const section = (id: string): BundleSection => ({ id, title: id, school: "s", role: "student", members: [] });
const meeting = (id: string, startsAt: number) => ({ id, period: "1", starts_at: startsAt, ends_at: startsAt + 2700 });
const PLAN: SchoolPlan = {
  v: 1, district: "d", org: "s", name: "Olinda", version: 1, from_date: "", until_date: "", time_zone: ZONE,
  sections: [
    { id: "math", title: "Math", cohort: "", meetings: [meeting("m1", EIGHT), meeting("m2", EIGHT + 86_400)] },
    { id: "art", title: "Art", cohort: "", meetings: [meeting("a1", EIGHT + 3000)] },
    { id: "others", title: "Others", cohort: "", meetings: [meeting("o1", EIGHT)] },
  ],
};
const ALL = sittings([section("art"), section("math"), section("gone")], [PLAN]);
const at = (seconds: number) => dayState(ALL, seconds, 600);

test("shows one's own sections only, by time", () => {
  expect(ALL.map((one) => one.id)).toEqual(["m1", "a1", "m2"]);
});

test.each([
  ["early in the morning", EIGHT - 7200, "m1", ["a1"]],
  ["in class", EIGHT + 60, "m1", ["a1"]],
  ["in class while the next is open already", EIGHT + 2500, "m1", ["a1"]],
  ["between two", EIGHT + 2800, "a1", []],
  ["after the last", EIGHT + 9000, undefined, []],
])("%s", (_when, seconds, current, rest) => {
  const day = at(seconds);
  expect(day.current?.id).toBe(current);
  expect(day.rest.map((one) => one.id)).toEqual(rest);
  expect(day.nextDay?.id).toBe("m2");
});

test("today is the school's date, not the device's", () => {
  expect(dateIn(ZONE, Date.UTC(2026, 8, 2, 3) / 1000)).toBe("2026-09-01");
  expect(at(EIGHT - 5 * 3600).today.map((one) => one.id)).toEqual(["m1", "a1"]);
});

test("an empty day says when the next one is", () => {
  const day = at(EIGHT - 86_400);
  expect(day.current).toBeUndefined();
  expect(day.nextDay?.id).toBe("m1");
});

test("asks the office for a new bundle when it is old, and never near a bell", () => {
  const until = EIGHT + 5 * 86_400;
  expect(shouldRenew(EIGHT - 3600, until, ALL, EIGHT - 7200)).toBe(false);
  expect(shouldRenew(EIGHT - 86_400, until, ALL, EIGHT - 7200)).toBe(true);
  expect(shouldRenew(EIGHT - 86_400, until, ALL, EIGHT - 600)).toBe(false);
  expect(shouldRenew(EIGHT - 86_400, until, ALL, EIGHT + 300)).toBe(false);
  expect(shouldRenew(EIGHT - 86_400, EIGHT - 1, ALL, EIGHT)).toBe(true); // without a pass there is nothing to lose
});
