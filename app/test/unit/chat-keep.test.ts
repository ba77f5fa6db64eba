import { expect, test } from "vitest";
import { store } from "../../src/keep/db";
import { read, write } from "../../src/keep/kept";
import { keepChat } from "../../src/live/chat-keep";
import { ChatLog } from "../../src/live/chat-log";

const entry = (id: string, text: string) => ({ id, sub: id.split(":")[0]!, at: Number(id.split(":")[1]), text, to: "" });
const classOf = (leads = true, meeting = "m1") => {
  const log = new ChatLog();
  return { leads, meeting, talk: { log, messages: log.messages } } as unknown as Parameters<typeof keepChat>[0] & { talk: { log: ChatLog } };
};
const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

test("a lone teacher's reload forgets no word, and brings no deleted one back", async () => {
  const before = classOf();
  const stop = keepChat(before);
  await soon();
  before.talk.log.add(entry("a:1", "hello"), entry("b:2", "rude"), entry("t:3", "good morning"));
  before.talk.log.drop("b:2");
  stop();
  await soon();
  const after = classOf();
  keepChat(after);
  await soon();
  after.talk.log.add(entry("b:2", "rude"));
  expect(after.talk.log.messages.value.map((one) => one.text)).toEqual(["hello", "good morning"]);
});

test("another class, a student's device, and what is not of our form are not taken up", async () => {
  await write("chat", { meeting: "m1", entries: [entry("a:1", "hello"), { id: 4 }, null], gone: [] });
  for (const other of [classOf(true, "m2"), classOf(false)]) {
    keepChat(other);
    await soon();
    expect(other.talk.log.messages.value).toEqual([]);
  }
  await store.clear("kept");
  const student = classOf(false);
  keepChat(student)();
  await soon();
  expect(await read("chat"), "a student's device keeps none").toBeUndefined();
});
