import { expect, test } from "vitest";
import { CHAT_AT_MOST_LETTERS, ChatPace, encode, readChat, readHand } from "../../src/live/messages";
import { utf8 } from "../../src/signing/paseto";

test("a chat message comes through as text", () => {
  expect(readChat(encode({ text: " Bonjou <b>klas</b> " }))).toBe("Bonjou <b>klas</b>");
  expect(readHand(encode({ up: true }))).toBe(true);
});

test.each([
  ["too long", encode({ text: "x".repeat(CHAT_AT_MOST_LETTERS + 1) })],
  ["empty", encode({ text: "  " })],
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
