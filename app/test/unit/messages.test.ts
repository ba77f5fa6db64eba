import { expect, test } from "vitest";
import { CHAT_AT_MOST_LETTERS, ChatPace, newestOf, readHand, readRefused, readTold, readWord } from "../../src/live/messages";
import { WIRE_AT_MOST_BYTES } from "../../src/live/wire";

test("a chat message comes through as text", () => {
  expect(readWord({ text: " Bonjou <b>klas</b> ", id: "a1" })).toEqual({ text: "Bonjou <b>klas</b>", id: "a1", private: false });
  expect(readWord({ text: "hush", id: "a1", private: true })?.private).toBe(true);
  expect(readRefused({ id: "a1", why: "off" })).toEqual({ id: "a1", why: "off" });
  expect(readRefused({ id: "a1", why: "no" })).toBeNull();
  expect(readHand({ up: true, at: 5, again: true })).toEqual({ up: true, at: 5, again: true });
  expect(readHand({ up: true, at: 5, again: 1 })?.again).toBe(false);
});

test.each([
  ["too long", { text: "x".repeat(CHAT_AT_MOST_LETTERS + 1), id: "a" }],
  ["empty", { text: "  ", id: "a" }],
  ["another form", { text: 5 }],
  ["a list", [1]],
  ["without an id", { text: "hello" }],
])("shows nothing that is %s", (_why, value) => {
  expect(readWord(value)).toBeNull();
});

test("a hand is up or down, nothing else", () => {
  expect(readHand({ up: "yes" })).toBeNull();
});

test("a flood from one person is cut, another's words are not", () => {
  const pace = new ChatPace();
  const shown = Array.from({ length: 20 }, (_, i) => pace.allows("flooder", i * 10)).filter(Boolean);
  expect(shown).toHaveLength(3);
  expect(pace.allows("other", 200)).toBe(true);
  expect(pace.allows("flooder", 1_300)).toBe(true);
});

test("of a long chat the newest messages fit into one history, and are read as they were", () => {
  const all = Array.from({ length: 200 }, (_, i) => ({ id: `s:${i}`, sub: "s", at: i, text: "é".repeat(250), to: "" }));
  const sent = newestOf(all);
  expect(new TextEncoder().encode(JSON.stringify({ entries: sent })).length).toBeLessThanOrEqual(WIRE_AT_MOST_BYTES);
  expect(sent.length).toBeGreaterThan(10);
  expect(sent.at(-1)).toEqual(all.at(-1));
  expect(readTold({ entries: sent }).entries).toEqual(sent);
});

test("of a history only what has our form is taken", () => {
  const good = { id: "s:1", sub: "s", at: 1, text: "hello", to: "" };
  const bad = [null, 5, { ...good, text: "" }, { ...good, at: "soon" }, { ...good, id: "x".repeat(100) }, { ...good, sub: 4 }, { ...good, to: 5 }];
  expect(readTold({ entries: [...bad, good], gone: ["a", 5] })).toEqual({ entries: [good], gone: ["a"] });
  expect(readTold({ entries: 5 })).toEqual({ entries: [], gone: [] });
});
