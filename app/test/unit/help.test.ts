import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Bundle } from "../../src/contracts";
import { waiting } from "../../src/evidence/queue";
import { askForHelp, helpDetail } from "../../src/help/ask";
import { clock } from "../../src/lib/clock";
import { noteFailure, recentFailure } from "../../src/lib/last-failure";
import { route } from "../../src/lib/route";
import * as state from "../../src/state";

const ME = "student00001";
const NOW = Math.floor(Date.now() / 1000);
const SECTION = { id: "math", title: "Math", school: "s", role: "student", members: [] };
const BUNDLE = { person: { id: ME, kind: "student" }, pass: null, sections: [SECTION], children: [], schools: ["s"], doors: [{ id: "d1", url: "https://d1" }] } as unknown as Bundle;
const plan = (startsAt: number) =>
  ({ index: { join_opens_seconds: 600, doors: [] }, schools: [{ org: "s", time_zone: "UTC", sections: [{ id: "math", title: "Math", cohort: "", meetings: [{ id: "m1", period: "1", starts_at: startsAt, ends_at: startsAt + 2700 }] }] }] }) as never;

let sent: { kind: string; meeting: string; detail: Record<string, string> }[];
let dead: boolean;

beforeEach(() => {
  sent = [];
  dead = false;
  state.bundle.set(BUNDLE);
  state.session.set({ text: "ds1.x", sub: ME, how: "pass" });
  state.plan.set(plan(NOW - 60));
  state.check.set({ at: 1, camera: "good", microphone: "bad", line: "slow" });
  state.reached.set(true);
  route.set("/");
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    if (dead || !url.startsWith("https://d1/evidence")) throw new TypeError("no line");
    const { events } = JSON.parse(String(init.body));
    sent.push(...events);
    return new Response(JSON.stringify({ kept: events.map((one: { id: string }) => one.id), confirmed: false }));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("tells the school what it needs to know, at once", async () => {
  const help = await askForHelp();
  expect(help).toMatchObject({ sent: true, again: false });
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({ kind: "help_asked", meeting: "m1", detail: { camera: "good", microphone: "bad", line: "bad", screen: "today" } });
});

test("pressed again within five minutes it sends nothing new, and says since when", async () => {
  const first = await askForHelp();
  const again = await askForHelp();
  expect(again).toMatchObject({ again: true, sent: true, at: first?.at });
  expect(sent).toHaveLength(1);
  vi.spyOn(clock, "now").mockReturnValue(Date.now() + 5 * 60_000 + 1);
  expect(await askForHelp()).toMatchObject({ again: false });
  vi.restoreAllMocks();
  expect(sent).toHaveLength(2);
});

test("another person on the same device is heard", async () => {
  await askForHelp();
  state.bundle.set({ ...BUNDLE, person: { ...BUNDLE.person, id: "student00002" } });
  expect(await askForHelp()).toMatchObject({ again: false, sent: false }); // her session is not the one held
  expect(await waiting("student00002")).toHaveLength(1);
});

test("without a line it waits here and is not called sent", async () => {
  dead = true;
  expect(await askForHelp()).toMatchObject({ sent: false });
  expect(await waiting(ME)).toMatchObject([{ kind: "help_asked" }]);
});

test("nobody signed on sends nothing", async () => {
  state.bundle.set(null);
  expect(await askForHelp()).toBeNull();
  expect(sent).toEqual([]);
});

test("the meeting is one's own that is open or on the screen, else none", async () => {
  state.plan.set(plan(NOW + 3600));
  await askForHelp();
  expect(sent[0]?.meeting).toBe("");
});

test("names the part that failed last, as long as that is recent, and the screen", () => {
  state.check.set(null);
  route.set("/join/m1");
  noteFailure("live");
  expect(helpDetail()).toEqual({ camera: "skipped", microphone: "skipped", line: "skipped", layer: "live", screen: "join" });
  vi.spyOn(clock, "ticks").mockReturnValue(performance.now() + 16 * 60_000);
  expect(recentFailure()).toBe("");
  state.reached.set(false);
  expect(helpDetail().layer).toBe("line");
  vi.restoreAllMocks();
});
