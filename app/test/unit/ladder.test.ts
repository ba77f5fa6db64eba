import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Door } from "../../src/contracts";
import { RetryBudget, Throttle } from "../../src/door/restraint";
import { climb, type Step } from "../../src/joining/ladder";
import { HEDGE_AFTER_MS, TRY_MS } from "../../src/joining/round";
import { Wake } from "../../src/lib/jitter";
import { Trouble } from "../../src/lib/trouble";

const DOORS: Door[] = ["d1", "d2", "d3", "d4"].map((id) => ({ id, url: `/${id}` }));
const dead = () => new Trouble("line", "line", true);
const busy = (seconds: number) => new Trouble("busy", "server", true, seconds, 503);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Play = Trouble | string | "hangs" | { afterMs: number; answer: Trouble | string };

/** Each door plays its answers in turn, and the last for ever. */
function climber(plays: Record<string, Play[]>, { random = 0.5, tokens = 0, doors = DOORS } = {}) {
  const began = performance.now();
  const asked: { door: string; at: number }[] = [];
  const gone: string[] = [];
  const steps: Step[] = [];
  const failed: [string, string][] = [];
  const stop = new AbortController();
  const wake = new Wake();
  const budget = new RetryBudget();
  for (let i = 0; i < tokens * 10; i++) budget.success();
  const run = climb({
    doors,
    ask: (door, signal) => {
      asked.push({ door: door.id, at: performance.now() - began });
      const mine = plays[door.id] ?? [dead()];
      const play = mine.length > 1 ? mine.shift()! : mine[0]!;
      return new Promise<string>((resolve, reject) => {
        signal.addEventListener("abort", () => {
          gone.push(door.id);
          reject(new Trouble("stopped", "line", false));
        });
        const give = (answer: Trouble | string) => (answer instanceof Trouble ? reject(answer) : resolve(answer));
        if (play === "hangs") return;
        if (typeof play === "object" && "afterMs" in play) setTimeout(() => give(play.answer), play.afterMs);
        else give(play);
      });
    },
    onStep: (step) => steps.push(step),
    onFailure: (door, trouble) => failed.push([door.id, trouble.layer]),
    signal: stop.signal,
    wake,
    budget,
    throttle: new Throttle(() => performance.now(), () => 1),
    random: () => random,
  });
  run.catch(() => null);
  const took = async () => (await run, performance.now() - began);
  return { run, asked, gone, steps, failed, stop, wake, names: () => asked.map((one) => one.door), took };
}

test("takes the first door that answers, and asks no other", async () => {
  const { run, names } = climber({ d1: ["ticket"] });
  expect(await run).toBe("ticket");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(names()).toEqual(["d1"]);
});

test("goes on at once from a door that is dead, a stranger or a server in trouble, and notes each", async () => {
  const { run, names, failed } = climber({ d1: [dead()], d2: [new Trouble("stranger", "stranger", true)], d3: ["ticket"] });
  expect(await run).toBe("ticket");
  expect(names()).toEqual(["d1", "d2", "d3"]);
  expect(failed).toEqual([["d1", "line"], ["d2", "stranger"]]);
});

test("two doors that hang cost three seconds", async () => {
  const { run, took, names, steps, failed } = climber({ d1: ["hangs"], d2: ["hangs"], d3: [{ afterMs: 100, answer: "ticket" }] });
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await run).toBe("ticket");
  expect(names()).toEqual(["d1", "d2", "d3"]);
  expect(await took()).toBeLessThanOrEqual(4_000);
  expect(failed).toEqual([["d1", "slow"], ["d2", "slow"]]);
  expect(steps[1]).toMatchObject({ kind: "next_door", layer: "slow", retryInMs: HEDGE_AFTER_MS + TRY_MS });
});

test("a slow door's answer still counts when it is the first, and the others are let go", async () => {
  const { run, names, gone, failed } = climber({ d1: [{ afterMs: 2_500, answer: "late" }], d2: ["hangs"] });
  await vi.advanceTimersByTimeAsync(2_600);
  expect(await run).toBe("late");
  expect(names()).toEqual(["d1", "d2"]);
  expect(gone).toContain("d2");
  expect(failed).toEqual([]);
});

test("three doors that hang: the round is over after seven seconds, none was asked twice", async () => {
  const { steps, names, failed } = climber({ d1: ["hangs"], d2: ["hangs"], d3: ["hangs"] });
  await vi.advanceTimersByTimeAsync(2 * HEDGE_AFTER_MS + TRY_MS - 10);
  expect(steps.some((step) => step.kind === "all_failed")).toBe(false);
  await vi.advanceTimersByTimeAsync(20);
  expect(steps.filter((step) => step.kind === "all_failed")).toMatchObject([{ layer: "slow", busy: false, round: 0 }]);
  expect(names()).toEqual(["d1", "d2", "d3"]);
  expect(failed.map(([, layer]) => layer)).toEqual(["slow", "slow", "slow"]);
});

test("when all fail at once the screen is told at once", async () => {
  const { steps } = climber({});
  await vi.advanceTimersByTimeAsync(1);
  expect(steps.map((step) => step.kind)).toEqual(["asking", "next_door", "next_door", "all_failed", "waiting"]);
});

test("with no retries left it waits 15 to 30 s, then tries one more door, the next in order", async () => {
  const { names, asked, steps } = climber({});
  await vi.advanceTimersByTimeAsync(1);
  expect(steps.at(-1)).toMatchObject({ kind: "waiting", retryInMs: 22_500 });
  await vi.advanceTimersByTimeAsync(14_000);
  expect(names()).toHaveLength(3);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(names()).toEqual(["d1", "d2", "d3", "d4"]);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(asked.length).toBeLessThan(4 + 600 / 15);
});

test("retries that were earned are spent, three a round at most", async () => {
  const { names } = climber({}, { tokens: 3 });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(names()).toEqual(["d1", "d2", "d3", "d4", "d1", "d2"]);
});

test("a tap is one try, at once", async () => {
  const { names, wake } = climber({});
  await vi.advanceTimersByTimeAsync(100);
  wake.now();
  await vi.advanceTimersByTimeAsync(100);
  expect(names()).toEqual(["d1", "d2", "d3", "d4"]);
});

test("a no of ours ends the climb at once, and whoever else was asked", async () => {
  const { run, names, failed, gone } = climber({
    d1: ["hangs"], d2: [new Trouble("not_your_class", "refused", false, 0, 403), "ticket"],
  });
  await vi.advanceTimersByTimeAsync(HEDGE_AFTER_MS);
  await expect(run).rejects.toMatchObject({ code: "not_your_class" });
  expect(names()).toEqual(["d1", "d2"]);
  expect(failed).toEqual([]);
  expect(gone).toContain("d1");
});

test("a door whose plan lags does not know a meeting that the next one knows", async () => {
  const unknown = () => new Trouble("unknown_meeting", "refused", false, 0, 404);
  expect(await climber({ d1: [unknown()], d2: ["ticket"] }).run).toBe("ticket");
  await expect(climber({ d1: [unknown()], d2: [unknown()], d3: [unknown()] }).run).rejects.toMatchObject({ code: "unknown_meeting" });
});

test("a busy door is not asked earlier than it said, and the next one is asked at once", async () => {
  const { names, asked, steps } = climber({ d1: [busy(4), "ticket"], d2: [busy(20)] }, { doors: DOORS.slice(0, 2) });
  await vi.advanceTimersByTimeAsync(1);
  expect(names()).toEqual(["d1", "d2"]);
  expect(steps.at(-1)).toMatchObject({ kind: "waiting", busy: true, retryInMs: expect.closeTo(6_000, -2) });
  await vi.advanceTimersByTimeAsync(6_100);
  expect(names()).toEqual(["d1", "d2", "d1"]);
  expect(asked[2]!.at).toBeGreaterThanOrEqual(4_000);
});

test("stops when the person goes away", async () => {
  const { run, stop, names } = climber({});
  await vi.advanceTimersByTimeAsync(100);
  stop.abort();
  await expect(run).rejects.toMatchObject({ code: "stopped" });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(names()).toHaveLength(3);
});

test("without any door it says so", async () => {
  await expect(climber({}, { doors: [] }).run).rejects.toMatchObject({ code: "no_door" });
});
