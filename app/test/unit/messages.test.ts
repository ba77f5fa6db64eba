import { expect, test } from "vitest";
import { CHAT_AT_MOST_LETTERS, ChatPace, encode, historyOf, readChat, readHand, readHistory } from "../../src/live/messages";
import { utf8 } from "../../src/signing/paseto";

test("a chat message comes through as text", () => {
  expect(readChat(encode({ text: " Bonjou <b>klas</b> ", id: "a1" }))).toEqual({ text: "Bonjou <b>klas</b>", id: "a1" });
  expect(readChat(utf8('{"text": "no id"}'))).toEqual({ text: "no id", id: "" });
  expect(readHand(encode({ up: true, at: 5 }))).toEqual({ up: true, at: 5 });
});

test.each([
  ["too long", encode({ text: "x".repeat(CHAT_AT_MOST_LETTERS + 1), id: "a" })],
  ["empty", encode({ text: "  ", id: "a" })],
  ["no JSON", utf8("hello")],
  ["another form", utf8('{"text": 5}')],
  ["a list", utf8("[1]")],
  ["huge", utf8(`{"text": "a", "more": "${"x".repeat(5000)}"}`)],
])("shows nothing that is %s", (_why, data) => {
  expect(readChat(data)).toBeNull();
});

test("a hand is up or down, nothing else", () => {
  expect(readHand(utf8('{"up": "yes"}'))).toBeNull();
});

test("a flood from one person is cut, another's words are not", () => {
  const pace = new ChatPace();
  const shown = Array.from({ length: 20 }, (_, i) => pace.allows("flooder", i * 10)).filter(Boolean);
  expect(shown).toHaveLength(3);
  expect(pace.allows("other", 200)).toBe(true);
  expect(pace.allows("flooder", 1_300)).toBe(true);
});

test("of a long chat the newest messages fit into one history, and are read as they were", () => {
  const all = Array.from({ length: 200 }, (_, i) => ({ id: `s:${i}`, sub: "s", at: i, text: "é".repeat(250) }));
  const sent = historyOf(all);
  const data = encode({ entries: sent });
  expect(data.length).toBeLessThan(15_000);
  expect(sent.length).toBeGreaterThan(10);
  expect(sent.at(-1)).toEqual(all.at(-1));
  expect(readHistory(data)).toEqual(sent);
});

test("of a history only what has our form is taken", () => {
  const good = { id: "s:1", sub: "s", at: 1, text: "hello" };
  const bad = [null, 5, { ...good, text: "" }, { ...good, at: "soon" }, { ...good, id: "x".repeat(100) }, { ...good, sub: 4 }];
  expect(readHistory(encode({ entries: [...(bad as never[]), good] }))).toEqual([good]);
  expect(readHistory(utf8('{"entries": 5}'))).toEqual([]);
  expect(readHistory(utf8("x".repeat(20_000)))).toEqual([]);
});
