import { expect, test } from "vitest";
import { ChatLog } from "../../src/live/chat-log";
import { Hands } from "../../src/live/hands";

const at = (nowMs: number, saidAt = nowMs, justCame = false) => ({ saidAt, nowMs, justCame });

test("first raised, first in line; told again changes nothing", () => {
  const hands = new Hands();
  hands.raise("a", at(100));
  hands.raise("b", at(200));
  hands.raise("a", at(300, 0));
  expect(hands.up.value).toEqual(["a", "b"]);
  hands.lower("a");
  hands.raise("a", at(400));
  expect(hands.up.value).toEqual(["b", "a"]);
});

test("nobody raises her hand into the past, but one who has just come is believed", () => {
  const hands = new Hands();
  hands.raise("a", at(1_000));
  hands.raise("sly", at(2_000, 5));
  expect(hands.up.value).toEqual(["a", "sly"]);
  hands.raise("moved", at(2_000, 900, true));
  expect(hands.up.value).toEqual(["moved", "a", "sly"]);
  hands.raise("future", at(2_500, Number.POSITIVE_INFINITY, true));
  expect(hands.raisedAt("future")).toBe(2_500);
});

test("a move to another server keeps the order; who stayed away for long begins anew", () => {
  const hands = new Hands();
  hands.raise("a", at(100));
  hands.raise("b", at(200));
  hands.left("a", 1_000);
  expect(hands.up.value).toEqual(["b"]);
  hands.raise("a", at(5_000));
  expect(hands.up.value).toEqual(["a", "b"]);
  hands.left("a", 6_000);
  hands.raise("a", at(80_000));
  expect(hands.up.value).toEqual(["b", "a"]);
});

test("who took her hand down and went has none when she is back", () => {
  const hands = new Hands();
  hands.raise("a", at(100));
  hands.lower("a");
  hands.left("a", 200);
  expect(hands.up.value).toEqual([]);
  expect(hands.raisedAt("a")).toBeUndefined();
});

test("what was said before comes in its place, once, and what is new to this device has a higher key", () => {
  const log = new ChatLog();
  const entry = (id: string, time: number) => ({ id, sub: "s", at: time, text: id, to: "" });
  log.add(entry("b", 20));
  log.add(entry("a", 10), entry("b", 20), entry("c", 30), entry("a", 10));
  expect(log.messages.value.map((one) => one.id)).toEqual(["a", "b", "c"]);
  expect(Math.max(...log.messages.value.map((one) => one.key))).toBe(2);
  const before = log.messages.value;
  log.add(entry("a", 10));
  expect(log.messages.value).toBe(before);
});
