import { expect, test } from "vitest";
import type { BundleSection, SchoolPlan } from "../../src/contracts";
import { eveningShare } from "../../src/office/evening";
import { lastEvening, shouldRenew } from "../../src/office/renew-when";
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

const HOUR = 3600;
const FOUR_PM = EIGHT + 8 * HOUR;
const due = (savedAt: number, at: number, { share = 0.5, passUntil = EIGHT + 5 * 86_400 } = {}) =>
  shouldRenew({ savedAt, passUntil, share }, ALL, ZONE, at);

test("the evening begins at four by the school's clock", () => {
  expect(lastEvening(ZONE, FOUR_PM + 1)).toBe(FOUR_PM);
  expect(lastEvening(ZONE, FOUR_PM - 1)).toBe(FOUR_PM - 24 * HOUR);
  expect(lastEvening(ZONE, EIGHT)).toBe(FOUR_PM - 24 * HOUR);
});

test("renews once an evening, each device at its own moment", () => {
  const morning = EIGHT - HOUR;
  expect(due(morning, FOUR_PM + 3 * HOUR - 1)).toBe(false);
  expect(due(morning, FOUR_PM + 3 * HOUR)).toBe(true);
  expect(due(morning, FOUR_PM, { share: 0 })).toBe(true);
  expect(due(morning, FOUR_PM + 5.9 * HOUR, { share: 1 })).toBe(false);
  expect(due(FOUR_PM + 60, FOUR_PM + 5 * HOUR)).toBe(false); // done
});

test("who slept through the evening renews when the app is opened, and who did not asks nobody in the morning", () => {
  const early = EIGHT - 2 * HOUR;
  expect(due(early - 30 * HOUR, early)).toBe(true);
  expect(due(FOUR_PM - 23 * HOUR, early)).toBe(false);
});

test("nobody asks the office near a bell, not even with a pass that is over: doors take it in grace", () => {
  const over = { passUntil: EIGHT - 1 };
  expect(due(EIGHT - 86_400, EIGHT - 600, over)).toBe(false);
  expect(due(EIGHT - 86_400, EIGHT + 300, over)).toBe(false);
  expect(due(EIGHT - 60, EIGHT + 700, over)).toBe(true);
});

test("a device's moment of the evening is drawn once, and another one the next evening", async () => {
  const share = await eveningShare(ZONE, FOUR_PM);
  expect(await eveningShare(ZONE, FOUR_PM + HOUR)).toBe(share);
  expect(await eveningShare(ZONE, FOUR_PM + 25 * HOUR)).not.toBe(share);
});
