import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HandTalk } from "../../src/live/hand-talk";
import { HAND_DOWN_TOPIC, HAND_TOPIC } from "../../src/live/messages";
import { Newcomers } from "../../src/live/newcomers";
import { type Note, Notes } from "../../src/live/notes";
import type { Hearer, Sender } from "../../src/live/wire";

interface Device {
  from: Sender;
  line: boolean;
  sent: { topic: string; value: object }[];
  notes: Note[];
  hands: HandTalk;
  hear: (topic: string, value: unknown, from: Sender) => void;
}

let all: Device[] = [];

function come(sub: string, adult: Sender["adult"] = null, justCame: () => boolean = () => false, clockIsAheadMs = 0): Device {
  const hearers = new Map<string, Hearer>();
  const notes = new Notes();
  const device: Partial<Device> = { from: { identity: `${sub}.1`, sub, adult }, line: true, sent: [], notes: [] };
  notes.read((note) => device.notes!.push(note));
  const wire = {
    on: (topic: string, hearer: Hearer) => {
      hearers.set(topic, hearer);
      return () => void hearers.delete(topic);
    },
    send: async (topic: string, value: object) => {
      if (!device.line) throw new Error("no line");
      device.sent!.push({ topic, value });
      for (const other of all) if (other !== device && other.line) other.hear(topic, JSON.parse(JSON.stringify(value)), device.from!);
    },
  };
  device.hear = (topic, value, from) => hearers.get(topic)?.(value, from);
  device.hands = new HandTalk({ me: sub, leads: adult !== null, wire, notes, justCame, now: () => Date.now() + clockIsAheadMs });
  all.push(device as Device);
  return device as Device;
}

const up = (device: Device): string[] => device.hands.up.value;
const told = (device: Device): number => device.sent.filter((one) => one.topic === HAND_TOPIC).length;
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  all = [];
});

afterEach(() => {
  for (const one of all) one.hands.stop();
  expect(vi.getTimerCount(), "nobody who left has a hand to tell").toBe(0);
  vi.useRealTimers();
});

test("a hand is up on every device in the order of raising, and in everybody's notes once", async () => {
  const [teacher, a, b] = [come("t", "teacher"), come("a"), come("b")];
  await b.hands.raise(true);
  await pass(10);
  await a.hands.raise(true);
  for (const device of all) expect(up(device)).toEqual(["b", "a"]);
  await pass(30_000);
  expect(teacher.notes.map((note) => [note.kind, note.sub])).toEqual([["hand", "b"], ["hand", "a"]]);
  await b.hands.raise(false);
  for (const device of all) expect(up(device)).toEqual(["a"]);
  await a.hands.raise(false);
});

test("at the bell, when all have just come, the hand that is heard first is first, whatever their clocks say", async () => {
  const justCame = () => true;
  const [teacher, a, b] = [come("t", "teacher", justCame), come("a", null, justCame, -900), come("b", null, justCame)];
  await b.hands.raise(true);
  await pass(200);
  await a.hands.raise(true);
  await pass(20_000);
  expect(up(teacher)).toEqual(["b", "a"]);
  await a.hands.raise(false);
  await b.hands.raise(false);
});

test("who comes later is told soon, in its place; told again until it is down, and not after", async () => {
  const [, a] = [come("t", "teacher"), come("a")];
  await a.hands.raise(true);
  await pass(5_000);
  const raisedAt = Date.now() - 5_000;
  const late = come("l", null, () => true);
  a.hands.tellSoon();
  await pass(2_000);
  expect(up(late)).toEqual(["a"]);
  expect(a.sent.at(-1)!.value).toEqual({ up: true, at: raisedAt, again: true });
  const before = told(a);
  await pass(30_000);
  expect(told(a)).toBeGreaterThan(before + 1);
  await a.hands.raise(false);
  const after = told(a);
  await pass(60_000);
  expect(told(a)).toBe(after);
});

test("a grown-up lowers hands on every device; a student's word lowers nobody's", async () => {
  const [teacher, a, b] = [come("t", "teacher"), come("a"), come("b")];
  await a.hands.raise(true);
  await b.hands.raise(true);
  await b.hands.lower(["a"]);
  teacher.hear(HAND_DOWN_TOPIC, { subs: ["a"] }, b.from);
  a.hear(HAND_DOWN_TOPIC, { subs: ["a"] }, b.from);
  expect(up(teacher)).toEqual(["a", "b"]);
  expect(up(a)).toEqual(["a", "b"]);
  await teacher.hands.lower(["a", "b"]);
  await pass(60_000);
  for (const device of all) expect(up(device)).toEqual([]);
  expect(a.sent.at(-1)!.value, "her last word on it").toMatchObject({ up: false });
});

test("what was said without a line is told when there is one: up, and down", async () => {
  const [teacher, a] = [come("t", "teacher"), come("a")];
  a.line = false;
  await a.hands.raise(true);
  expect([up(teacher), up(a)]).toEqual([[], ["a"]]);
  a.line = true;
  await pass(11_000);
  expect(up(teacher)).toEqual(["a"]);
  a.line = false;
  await a.hands.raise(false);
  await pass(30_000);
  expect(up(teacher)).toEqual(["a"]);
  a.line = true;
  a.hands.tellSoon();
  await pass(2_000);
  expect(up(teacher)).toEqual([]);
  const after = told(a);
  await pass(60_000);
  expect(told(a), "it was heard, so it is not said again").toBe(after);
});

test("who leaves without a line says nothing any more", async () => {
  const a = come("a");
  a.line = false;
  const telling = a.hands.raise(false);
  a.hands.stop();
  await telling;
  expect(vi.getTimerCount()).toBe(0);
});

test("somebody has come only now for twenty seconds after her coming, or after this device's own", () => {
  const newcomers = new Newcomers();
  vi.advanceTimersByTime(60_000);
  expect(newcomers.has("a")).toBe(false);
  newcomers.came("a");
  expect([newcomers.has("a"), newcomers.has("b")]).toEqual([true, false]);
  vi.advanceTimersByTime(19_000);
  newcomers.cameMs = performance.now();
  vi.advanceTimersByTime(2_000);
  expect([newcomers.has("a"), newcomers.has("b")]).toEqual([true, true]);
});

test("of many who come at once all are told together", () => {
  const [newcomers, tell] = [new Newcomers(), vi.fn()];
  newcomers.soon(tell);
  vi.advanceTimersByTime(1_500);
  newcomers.soon(tell);
  vi.advanceTimersByTime(1_900);
  expect(tell).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  expect(tell).toHaveBeenCalledOnce();
  newcomers.soon(tell);
  newcomers.stop();
  vi.advanceTimersByTime(5_000);
  expect(tell).toHaveBeenCalledOnce();
});
