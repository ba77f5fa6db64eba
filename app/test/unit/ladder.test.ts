import { expect, test } from "vitest";
import type { Door } from "../../src/contracts";
import { climb, type Step } from "../../src/joining/ladder";
import { Trouble } from "../../src/lib/trouble";

const DOORS: Door[] = ["d1", "d2", "d3"].map((id) => ({ id, url: `/${id}` }));
const dead = () => new Trouble("line", "line", true);

function climber(answers: (Trouble | string)[]) {
  const asked: string[] = [];
  const steps: Step[] = [];
  const failed: string[] = [];
  const waits: number[] = [];
  const stop = new AbortController();
  const run = climb({
    doors: DOORS,
    ask: async (door) => {
      asked.push(door.id);
      const answer = answers.shift();
      if (answer === undefined) throw stop.abort();
      if (answer instanceof Trouble) throw answer;
      return answer;
    },
    onStep: (step) => steps.push(step),
    onFailure: (door) => failed.push(door.id),
    signal: stop.signal,
    random: () => 0.5,
    sleep: async (ms) => void waits.push(ms),
  });
  return { run, asked, steps, failed, waits };
}

test("takes the first door that answers", async () => {
  const { run, asked, waits } = climber(["ticket"]);
  expect(await run).toBe("ticket");
  expect(asked).toEqual(["d1"]);
  expect(waits).toEqual([]);
});

test("goes to the next door when one is dead, slow or a stranger, and notes each", async () => {
  const { run, asked, failed } = climber([dead(), new Trouble("stranger", "stranger", true), "ticket"]);
  expect(await run).toBe("ticket");
  expect(asked).toEqual(["d1", "d2", "d3"]);
  expect(failed).toEqual(["d1", "d2"]);
});

test("says so after a whole round, and goes on", async () => {
  const { run, asked, steps, waits } = climber([dead(), dead(), dead(), dead(), "ticket"]);
  expect(await run).toBe("ticket");
  expect(asked).toEqual(["d1", "d2", "d3", "d1", "d2"]);
  expect(steps.filter((step) => step.kind === "all_failed")).toHaveLength(1);
  expect(waits[3]).toBeGreaterThan(waits[0]!);
});

test("a no of ours ends the climb at once", async () => {
  const { run, asked, failed } = climber([new Trouble("not_your_class", "refused", false), "ticket"]);
  await expect(run).rejects.toMatchObject({ code: "not_your_class" });
  expect(asked).toEqual(["d1"]);
  expect(failed).toEqual([]);
});

test("a busy door is not asked earlier than it said", async () => {
  const { run, waits, steps } = climber([new Trouble("busy", "server", true, 2), "ticket"]);
  await run;
  expect(waits[0]).toBeGreaterThanOrEqual(2000);
  expect(steps).toContainEqual(expect.objectContaining({ kind: "waiting", retryInMs: waits[0] }));
});

test("stops when the person goes away", async () => {
  await expect(climber([dead()]).run).rejects.toBeInstanceOf(Trouble);
});

test("without any door it says so", async () => {
  const nothing = { ask: async () => "x", onStep: () => {}, onFailure: () => {}, signal: new AbortController().signal };
  await expect(climb({ doors: [], ...nothing })).rejects.toMatchObject({ code: "no_door" });
});
