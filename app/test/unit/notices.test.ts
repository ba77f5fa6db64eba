import { beforeEach, expect, test } from "vitest";
import type { Notice, SchoolPlan } from "../../src/contracts";
import { useWords } from "../../src/i18n";
import { read } from "../../src/keep/kept";
import en from "../../src/locale/en.json";
import { closedNotices, closeNotice, loadClosed, nextWord, noticesInForce } from "../../src/notices/in-force";

const NOW = 1_800_000_000;
const notice = (id: string, how: Partial<Notice> = {}): Notice =>
  ({ id, at: NOW - 60, until_at: NOW + 60, level: "info", text: { en: id, es: id, ht: id }, ...how });
const school = (...notices: Notice[]) => ({ notices }) as unknown as SchoolPlan;
const ids = (...plans: SchoolPlan[]) => noticesInForce(plans, NOW).map((one) => one.id);

beforeEach(() => closedNotices.set(new Set()));

test("those that hold now, emergencies first, then the newest", () => {
  expect(ids(school(
    notice("old", { at: NOW - 600 }), notice("new"), notice("over", { until_at: NOW }), notice("to-come", { at: NOW + 1 }),
    notice("emergency", { level: "emergency", at: NOW - 6000 }), notice("warning", { level: "warning", at: NOW - 6000 }),
  ))).toEqual(["emergency", "warning", "new", "old"]);
});

test("two schools that say the same say it once; a plan without notices says nothing", () => {
  expect(ids(school(notice("same")), school(notice("same")), {} as SchoolPlan)).toEqual(["same"]);
});

test("what is closed stays closed after a reload, and not for ever more of them", async () => {
  await closeNotice("one");
  await closeNotice("two");
  await closeNotice("one");
  closedNotices.set(new Set());
  await loadClosed();
  expect([...closedNotices.value]).toEqual(["two", "one"]);
  for (let i = 0; i < 210; i++) await closeNotice(`many${i}`);
  expect((await read("closed_notices"))?.length).toBe(200);
  expect(closedNotices.value.has("many209")).toBe(true);
});

test("when the next word comes, by the school's own clock; not when that has passed", () => {
  useWords("en", en);
  const at = 1_789_389_000; // 14 September 2026, 8:30 in New York, 7:30 in Chicago
  const plans = [
    { time_zone: "America/New_York", notices: [] },
    { time_zone: "America/Chicago", notices: [notice("one", { next_at: at + 4_200 })] },
  ] as unknown as SchoolPlan[];
  const one = plans[1]!.notices![0]!;
  expect(nextWord(one, plans, at)).toBe("Next word at 8:40.");
  expect(nextWord(one, plans, at + 4_200)).toBe("");
  expect(nextWord(notice("none"), plans, at)).toBe("");
  const tomorrow = notice("one", { next_at: at + 86_400 });
  expect(nextWord(tomorrow, plans, at)).toBe("Next word on Tuesday, September 15, 7:30.");
});
