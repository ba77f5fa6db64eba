import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isReplaceable } from "../../src/live/alive";
import type { Seat } from "../../src/contracts";

const seat = (node: string): Seat => ({ node, url: `ws://${node}.test/`, token: "" }) as Seat;
const alive = new Set<string>();

beforeEach(() => {
  vi.useFakeTimers();
  alive.clear();
  vi.stubGlobal("fetch", async (url: string) => {
    if (!alive.has(new URL(url).hostname.split(".")[0]!)) throw new TypeError("no answer");
    return new Response("OK");
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const ask = (doubted: () => boolean): Promise<boolean> => isReplaceable(seat("one"), { others: () => [seat("two"), seat("three")], doubted });

test("a server that is down is left when another one is up", async () => {
  alive.add("three");
  expect(await ask(() => true)).toBe(true);
});

test("a server that is up is waited for, and so is one while nobody else can be reached either", async () => {
  let doubted = true;
  const answers: boolean[] = [];
  alive.add("one").add("two");
  const asking = ask(() => doubted).then((answer) => answers.push(answer));
  await vi.advanceTimersByTimeAsync(5_000);
  alive.clear();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(answers).toEqual([]);
  doubted = false;
  await vi.advanceTimersByTimeAsync(1_000);
  await asking;
  expect(answers).toEqual([false]);
});

test("a server that goes down while it is doubted is left then", async () => {
  alive.add("one").add("two");
  const asking = ask(() => true);
  await vi.advanceTimersByTimeAsync(3_000);
  alive.delete("one");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await asking).toBe(true);
});
