import { beforeEach, expect, test } from "vitest";
import type { Line } from "../../src/contracts";
import { Trouble } from "../../src/lib/trouble";
import { comeIn, roughly, type Waiting } from "../../src/sign-on/waiting-line";
import { forgetPlace, keepPlace, placeOf } from "../../src/sign-on/waiting-line-kept";

const dead = () => new Trouble("line", "line", true);
const down = () => new Trouble("busy", "server", true, 5, 503);
const wrong = () => new Trouble("wrong_password", "refused", false, 0, 401);
const badLine = () => new Trouble("bad_line", "refused", false, 0, 403);
const line = (place: number, text = `t${place}`, wait = place, poll = 20): Line => ({
  line: text,
  place,
  wait_seconds: wait,
  poll_after_seconds: poll,
});

class Tab implements Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  readonly kept = new Map<string, string>();
  getItem = (name: string): string | null => this.kept.get(name) ?? null;
  setItem = (name: string, text: string): void => void this.kept.set(name, text);
  removeItem = (name: string): void => void this.kept.delete(name);
}

let tab: Tab;
beforeEach(() => {
  tab = new Tab();
  Object.defineProperty(globalThis, "sessionStorage", { value: tab, configurable: true });
  forgetPlace();
});

type Answer = Line | null | Trouble;

function visit(userName: string, answers: { signOn: Answer[]; ask?: Answer[] }) {
  const sent: string[] = [];
  const seen: (Waiting | null)[] = [];
  const waits: number[] = [];
  const stop = new AbortController();
  const next = (kind: string, list: Answer[], held: string): Line | null => {
    sent.push(`${kind}:${held}`);
    const answer = list.shift();
    if (answer === undefined) throw new Error(`${kind} was not expected`);
    if (answer instanceof Trouble) throw answer;
    return answer;
  };
  const done = comeIn(userName, {
    signOn: async (held) => next("sign-on", answers.signOn, held),
    ask: async (held) => next("ask", answers.ask ?? [], held)!,
    onWait: (now) => void seen.push(now),
    sleep: async (ms) => void waits.push(ms),
    ticks: () => 1_000,
    signal: stop.signal,
    random: () => 0.5,
  });
  return { done, sent, seen, waits, stop };
}

test("in calm times nobody sees the line", async () => {
  const { done, sent, seen, waits } = visit("naika.p", { signOn: [null] });
  await done;
  expect(sent).toEqual(["sign-on:"]);
  expect([seen, waits]).toEqual([[], []]);
  expect(tab.kept.size).toBe(0);
});

test("waits with its ticket, asks when it was told to, and signs on by itself", async () => {
  const { done, sent, seen, waits } = visit("naika.p", {
    signOn: [line(132, "a", 60), null],
    ask: [line(80, "b", 40), line(10, "c", 5, 3), line(0, "d", 0, 0)],
  });
  await done;
  expect(sent).toEqual(["sign-on:", "ask:a", "ask:b", "ask:c", "sign-on:d"]);
  expect(waits).toEqual([20_000, 20_000, 3_000]);
  expect(seen[0]).toEqual({ place: 132, progress: 0, turnAt: 61_000, reached: true });
  expect(seen.map((now) => now!.progress)).toEqual(seen.map((now) => now!.progress).sort((a, b) => a - b));
  expect(placeOf()).toBeNull();
});

test("asks with jitter, so that those who came together do not ask together", async () => {
  const waits: number[] = [];
  for (const random of [0, 1]) {
    await comeIn(`kid${random}`, {
      signOn: async (held) => (held ? null : line(5)),
      ask: async () => line(0),
      onWait: () => undefined,
      sleep: async (ms) => void waits.push(ms),
      ticks: () => 0,
      signal: new AbortController().signal,
      random: () => random,
    });
  }
  expect(waits).toEqual([17_000, 23_000]);
});

test("the bar and the place never go back, whatever is answered", async () => {
  const { done, seen } = visit("naika.p", {
    signOn: [line(100), null],
    ask: [line(50), line(70), line(40), line(0)],
  });
  await done;
  expect(seen.map((now) => now!.place)).toEqual([100, 50, 50, 40]);
  expect(seen.map((now) => now!.progress)).toEqual([0, 0.5, 0.5, 0.6]);
});

test("an office that is down keeps the place and is asked again, later each time", async () => {
  const { done, sent, seen, waits } = visit("naika.p", {
    signOn: [line(9, "a", 9, 4), dead(), null],
    ask: [down(), dead(), dead(), line(0, "b")],
  });
  await done;
  expect(sent).toEqual(["sign-on:", "ask:a", "ask:a", "ask:a", "ask:a", "sign-on:b", "sign-on:b"]);
  expect(seen[1]).toMatchObject({ place: 9, reached: false });
  expect(waits[1]).toBeGreaterThanOrEqual(5_000);
  expect(waits[3]).toBeGreaterThan(waits[2]!);
});

test("without a place an office that is down is said at once", async () => {
  await expect(visit("naika.p", { signOn: [dead()] }).done).rejects.toMatchObject({ code: "line" });
  await expect(visit("naika.p", { signOn: [down()] }).done).rejects.toMatchObject({ code: "busy" });
});

test("a wrong password keeps the place: the next try needs no new wait", async () => {
  const first = visit("naika.p", { signOn: [line(3, "a"), wrong()], ask: [line(0, "b")] });
  await expect(first.done).rejects.toMatchObject({ code: "wrong_password" });
  const second = visit("Naika.P ", { signOn: [null] });
  await second.done;
  expect(second.sent).toEqual(["sign-on:b"]);
});

test("after a reload the place is there and the password is not", async () => {
  const first = visit("naika.p", { signOn: [line(50, "a"), wrong()], ask: [line(40, "b"), line(0, "c")] });
  await first.done.catch(() => null);
  keepPlace("naika.p", line(40, "b"));
  expect([...tab.kept.values()].join()).not.toContain("password");
  const again = visit("naika.p", { signOn: [null], ask: [line(20, "c"), line(0, "d")] });
  await again.done;
  expect(again.sent[0]).not.toBe("sign-on:");
});

test("another person on this device does not get the place", async () => {
  keepPlace("naika.p", line(2, "hers"));
  const { done, sent } = visit("leo.g", { signOn: [null] });
  await done;
  expect(sent).toEqual(["sign-on:"]);
});

test("a place that is not good any more is dropped, and she comes anew", async () => {
  keepPlace("naika.p", line(2, "old"));
  const { done, sent } = visit("naika.p", { signOn: [line(7, "new"), null], ask: [badLine(), line(0, "x")] });
  await done;
  expect(sent).toEqual(["ask:old", "sign-on:", "ask:new", "sign-on:x"]);
});

test("her turn that has passed is a place again, and she waits on", async () => {
  const { done, sent } = visit("naika.p", { signOn: [line(5, "a"), line(1, "c"), null], ask: [line(0, "b"), line(0, "d")] });
  await done;
  expect(sent).toEqual(["sign-on:", "ask:a", "sign-on:b", "ask:c", "sign-on:d"]);
});

test("who stops waiting keeps the place", async () => {
  const { done, stop } = visit("naika.p", { signOn: [line(5, "a")], ask: [line(4, "b")] });
  stop.abort();
  await expect(done).rejects.toMatchObject({ code: "stopped" });
  expect(placeOf("naika.p")?.line).toBe("a");
});

test("a browser that keeps nothing still waits", async () => {
  Object.defineProperty(globalThis, "sessionStorage", {
    configurable: true,
    get() {
      throw new Error("barred");
    },
  });
  const { done, sent } = visit("naika.p", { signOn: [line(5, "a"), null], ask: [line(0, "b")] });
  await done;
  expect(sent).toEqual(["sign-on:", "ask:a", "sign-on:b"]);
});

test("says the time as a person would", () => {
  expect(roughly(61_000)).toEqual({ unit: "minutes", count: 1 });
  expect(roughly(400_000)).toEqual({ unit: "minutes", count: 7 });
  expect(roughly(32_000)).toEqual({ unit: "seconds", count: 35 });
  expect(roughly(2_000)).toEqual({ unit: "seconds", count: 0 });
});
