import { beforeEach, expect, test } from "vitest";
import type { Bundle, PlanIndex, SchoolPlan } from "../../src/contracts";
import { changesOf } from "../../src/desk/changes";
import type { Bell, BellGroup, Finding, Layer, LayerState, Probe, ProbeReport } from "../../src/desk/contracts";
import { seesDesk } from "../../src/desk/desk-link";
import { inForceNow } from "../../src/desk/in-force";
import { bars, failingOf, HELD_AFTER_MS, layersNow, mergeBells, newestReport, percentOf, STALE_AFTER_MS } from "../../src/desk/merge";
import { sharePoints } from "../../src/desk/plot";
import { failureWords, findingWords, stateWords } from "../../src/desk/words";
import { useWords } from "../../src/i18n";
import en from "../../src/locale/en.json";
import es from "../../src/locale/es.json";
import ht from "../../src/locale/ht.json";

const NOW = 1_790_000_040_000; // in the middle of a minute
const group = (org: string, band: string, expected: number, arrived: number, trying = 0): BellGroup => ({ org, band, expected, arrived, trying });
const bell = (door: string, more: Partial<Bell> = {}): Bell => ({
  door, server_at: NOW, plan_version: 7, groups: [], arrivals: Array.from({ length: 60 }, () => 0), failures: {}, in_class: 0,
  without_teacher: 0, joins_in_minute: 0, failed_in_minute: 0, p99_ms: 0, down: false, spool_pending: 0, ...more,
});
const minutes = (...last: number[]): number[] => [...Array.from({ length: 60 - last.length }, () => 0), ...last];

beforeEach(() => useWords("en", en));

test("arrivals of all doors add up, and never above those expected", () => {
  const truth = mergeBells(
    [
      bell("d1", { groups: [group("a", "6-8", 30, 18, 4), group("b", "PK-5", 10, 2)], in_class: 20, spool_pending: 3 }),
      bell("d2", { groups: [group("a", "6-8", 30, 15, 2), group("b", "PK-5", 10, 1)], in_class: 22, spool_pending: 1 }),
    ],
    NOW,
  )!;
  expect(truth.groups).toEqual([group("a", "6-8", 30, 30, 0), group("b", "PK-5", 10, 3)]);
  expect([truth.expected, truth.arrived, truth.trying]).toEqual([40, 33, 0]);
  expect([truth.inClass, truth.waiting]).toEqual([22, 4]);
  expect(truth.doors).toEqual(["d1", "d2"]);
});

test("whom to expect is said by the newest plan", () => {
  const old = bell("d1", { plan_version: 6, groups: [group("a", "6-8", 50, 5), group("gone", "6-8", 9, 1)] });
  const truth = mergeBells([old, bell("d2", { groups: [group("a", "6-8", 30, 4)] })], NOW)!;
  expect(truth.groups).toContainEqual(group("a", "6-8", 30, 9));
});

test("a door that has fallen silent counts for a while, and then no more", () => {
  const silent = bell("d1", { server_at: NOW - STALE_AFTER_MS, groups: [group("a", "6-8", 5, 5)] });
  expect(mergeBells([silent], NOW)?.arrived).toBe(5);
  expect(mergeBells([silent], NOW + 1)).toBeNull();
  expect(mergeBells([], NOW)).toBeNull();
});

test("who came through a door that is dead now has come all the same, until other classes begin", () => {
  const dead = bell("d2", { server_at: NOW - 60_000, groups: [group("a", "6-8", 30, 12, 5)], arrivals: minutes(12), in_class: 99, joins_in_minute: 7 });
  const alive = bell("d1", { groups: [group("a", "6-8", 30, 4)], arrivals: minutes(4), in_class: 3 });
  const truth = mergeBells([dead, alive], NOW)!;
  expect(truth.groups).toEqual([group("a", "6-8", 30, 16, 0)]);
  expect(truth.arrivals.slice(-2)).toEqual([12, 4]);
  expect([truth.inClass, truth.joins, truth.doors]).toEqual([3, 0, ["d1"]]);
  const next = { ...alive, groups: [group("a", "6-8", 28, 2)] };
  expect(mergeBells([dead, next], NOW)?.arrived).toBe(2);
  expect(mergeBells([{ ...dead, server_at: NOW - HELD_AFTER_MS - 1 }, alive], NOW)?.arrived).toBe(4);
});

test.each([
  [99, 1, 0, false],
  [98, 2, 0, true],
  [0, 0, 0, false],
  [100, 0, 2_001, true],
  [100, 0, 2_000, false],
])("%i in, %i failed, p99 %i ms: down %s", (joins, failed, p99, down) => {
  const truth = mergeBells([bell("d1", { joins_in_minute: joins, failed_in_minute: failed }), bell("d2", { p99_ms: p99 })], NOW)!;
  expect(truth.down).toBe(down);
});

test("one dying door does not make the whole minute bad, and many small failures do", () => {
  const well = bell("d1", { joins_in_minute: 990 });
  expect(mergeBells([well, bell("d2", { joins_in_minute: 1, failed_in_minute: 5, down: true })], NOW)?.down).toBe(false);
  expect(mergeBells([well, bell("d2", { failed_in_minute: 15, down: true })], NOW)?.down).toBe(true);
});

test("minutes of doors are laid over each other by the clock", () => {
  const before = bell("d1", { server_at: NOW - 60_000 + 15_000, arrivals: minutes(3, 5) });
  const merged = mergeBells([bell("d2", { arrivals: minutes(1, 2, 4) }), { ...before, server_at: NOW - 41_000 }], NOW)!;
  expect(merged.arrivals.slice(-3)).toEqual([4, 7, 4]);
  expect(merged.arrivals).toHaveLength(60);
});

test("the emptiest school is on top, and 100 % is said only when all are there", () => {
  const found = bars([group("a", "6-8", 1000, 999), group("b", "6-8", 10, 2), group("b", "9-12", 10, 3, 1), group("c", "all", 0, 0)], (one) => one.org);
  expect(found.map((bar) => [bar.name, bar.percent, bar.expected, bar.trying])).toEqual([["b", 25, 20, 1], ["a", 99, 1000, 0]]);
  expect(percentOf(0, 0)).toBe(0);
});

test("the share of those expected, counted back from now", () => {
  expect(sharePoints([0, 10, 20], 40, 30)).toEqual([0, 0.25, 0.75]);
  expect(sharePoints([5], 0, 0)).toEqual([0]);
  expect(sharePoints([50], 40, 41)).toEqual([1]);
});

const probe = (layer: Layer, part: string, state: LayerState = "well", vantage = "inside"): Probe => ({ layer, part, vantage, state, ms: 3, at: NOW / 1000 });
const report = (probes: Probe[], findings: Finding[] = []): ProbeReport => ({ made_at: NOW / 1000, probes, findings });
const of = (found: ReturnType<typeof layersNow>, layer: Layer) => found.find((one) => one.layer === layer)!;

test("a layer is as the finding says, else as many of its parts as are well", () => {
  const found = layersNow(
    report(
      [probe("door", "d1"), probe("door", "d2", "dead"), probe("door", "d2", "dead", "miami"), probe("live", "n1"), probe("live", "n2", "dead"), probe("live", "n2", "well", "miami"), probe("mail", "mail", "unknown")],
      [{ layer: "door", state: "dead", since: 1_789_999_920, parts: ["d2"] }],
    ),
  );
  expect(of(found, "door")).toMatchObject({ state: "dead", parts: ["d2"], well: 1, all: 2 });
  expect(of(found, "live")).toMatchObject({ state: "well", well: 1, all: 2 }); // one look is no finding yet
  expect(of(found, "mail").state).toBe("unknown");
  expect(of(found, "dns").state).toBe("unknown");
  expect(stateWords(of(found, "live"))).toBe("1/2");
  expect(layersNow(null).every((one) => one.state === "unknown")).toBe(true);
});

test.each([
  ["en", en, "doors: not working since 8:02 (d2)", "edge: a flood of requests since 8:02"],
  ["es", es, "puertas: no funciona desde las 8:02 (d2)", "entrada: una avalancha de solicitudes desde las 8:02"],
  ["ht", ht, "pòt: pa mache depi 8:02 (d2)", "antre: yon lavalas demann depi 8:02"],
] as const)("the failing layer in words: %s", (language, words, door, flood) => {
  useWords(language, words);
  const since = Date.UTC(2026, 8, 1, 12, 2) / 1000;
  const found = layersNow(
    report([probe("door", "d2", "dead"), probe("edge", "flood", "slow"), probe("edge", "a")], [
      { layer: "door", state: "dead", since, parts: ["d2"] },
      { layer: "edge", state: "slow", since, parts: ["flood"] },
    ]),
  );
  expect(findingWords(of(found, "door"), "America/New_York")).toBe(door);
  expect(findingWords(of(found, "edge"), "America/New_York")).toBe(flood);
  expect(findingWords(of(found, "line"), "America/New_York")).toBe("");
});

test("what fails is what findings name, and a part that was dead once is not", () => {
  const found = [{ layer: "door", state: "dead", since: 1, parts: ["d2"] }] as Finding[];
  expect(failingOf(report([probe("live", "n1", "dead")], found)).map((one) => one.layer)).toEqual(["door"]);
  expect(failingOf(report([probe("live", "n1", "dead")]))).toEqual([]);
  expect(failingOf(null)).toEqual([]);
});

test("what holds now: incidents that go on, then detours, each once for all its schools", () => {
  const text = { en: "Storm", es: "Tormenta", ht: "Tanpèt" };
  const detour = { id: "t1", pathway: "zoom" as const, from_at: 9_000, until_at: 0, review_on: "", reason: text };
  const detours = [detour, { ...detour, id: "t2", until_at: 9_999 }, { ...detour, id: "t3", from_at: 10_001 }];
  const incidents = [{ id: "i1", since_at: 8_000, text }, { id: "i2", since_at: 8_000, over_at: 9_000, text }];
  const plans = [{ org: "a", detours, incidents }, { org: "b", detours: [detour] }] as unknown as SchoolPlan[];
  expect(inForceNow(plans, 10_000)).toEqual([
    { kind: "incident", id: "i1", since: 8_000, text, schools: 1 },
    { kind: "detour", id: "t1", since: 9_000, text, schools: 2 },
  ]);
  expect(inForceNow([], 10_000)).toEqual([]);
});

test("of two hosts' reports the newer counts, and none from the future", () => {
  const at = (made_at: number): ProbeReport => ({ made_at, probes: [] });
  expect(newestReport([at(100), at(130), at(900)], 150)?.made_at).toBe(130);
  expect(newestReport([], 150)).toBeNull();
});

test("what changed in the last hour: the plan, a detour of many schools once, notices", () => {
  const text = { en: "Storm", es: "Tormenta", ht: "Tanpèt" };
  const detour = { id: "t1", pathway: "zoom" as const, from_at: 9_000, until_at: 0, review_on: "", reason: text };
  const old = { ...detour, id: "t0", from_at: 1_000 };
  const later = { ...detour, id: "t2", from_at: 99_000 };
  const plans = ["a", "b"].map((org) => ({ org, detours: [detour, old, later], notices: [{ id: "n", at: 9_500, until_at: 0, level: "info", text }] }) as unknown as SchoolPlan);
  const found = changesOf({ version: 12, made_at: 9_100 } as PlanIndex, plans, 10_000);
  expect(found.map((one) => [one.kind, one.at])).toEqual([["notice", 9_500], ["plan", 9_100], ["detour", 9_000]]);
  expect(found[2]).toMatchObject({ schools: 2 });
  expect(changesOf(null, [], 10_000)).toEqual([]);
});

test("the way to the desk is shown to those who may look", () => {
  const of = (kind: string, duty: string[], pass: unknown = {}) => ({ pass, person: { kind, duty } }) as unknown as Bundle;
  expect(seesDesk(of("operator", []))).toBe(true);
  expect(seesDesk(of("teacher", ["s"]))).toBe(true);
  expect(seesDesk(of("teacher", []))).toBe(false);
  expect(seesDesk(of("student", []))).toBe(false);
  expect(seesDesk(of("operator", [], null))).toBe(false);
});

test("what devices told of, the most first", () => {
  expect(failureWords({ slow: 3, line: 1200, moon: 1 })).toBe("failures told by devices: their line 1,200, too slow 3, something else 1");
  expect(failureWords({})).toBe("");
});
