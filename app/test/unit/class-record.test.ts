import { beforeEach, expect, test, vi } from "vitest";
import { countUnconfirmed, waiting } from "../../src/evidence/queue";
import { DeviceStore, store } from "../../src/keep/db";
import { clock } from "../../src/lib/clock";
import { chooseOne, notHeard } from "../../src/live/record/calling";
import { keepNote, sendNotes, sendSoon, waitingNotes } from "../../src/live/record/outbox";
import { Speaking } from "../../src/live/record/speaking";
import { TookPart } from "../../src/live/record/took-part";
import type { Note } from "../../src/live/notes";

const ME = "teacher00001";
const SENDER = { owner: ME, session: "ds1.x", cookie: true };
const note = (key: string, more: Partial<Note> = {}): Note => ({ kind: "hand", key, sub: "child", at: clock.now() - 1000, body: {}, ...more });
const keep = (one: Note, { meeting = "m1", dueIn = 0 } = {}) =>
  keepNote(one, { owner: ME, meeting, section: "s1", due: clock.now() + dueIn });
const keys = async (owner = ME) => (await waitingNotes(owner)).map((one) => one.key);

interface Sent {
  meeting: string;
  notes: { key: string; body: unknown }[];
}

/** The office: answers in this order, then keeps everything. */
function office(...answers: ("dead" | { status: number; body: object })[]): Sent[] {
  const sent: Sent[] = [];
  vi.stubGlobal("document", { cookie: "csrftoken=t" });
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    const body = JSON.parse(String(init.body)) as Sent;
    sent.push(body);
    const next = answers.shift();
    if (next === "dead") throw new TypeError("no line");
    if (next) return new Response(JSON.stringify(next.body), { status: next.status });
    return new Response(JSON.stringify({ kept: body.notes.map((one) => one.key), refused: {} }));
  });
  return sent;
}
const refusal = (status: number, code: string) => ({ status, body: { code, text: "", retryable: false } });

beforeEach(() => vi.spyOn(clock, "ticks").mockImplementation(() => (ticks += 200_000)));
let ticks = 0;

test("what was noted is kept over a reload, until the office has confirmed it", async () => {
  await keep(note("a"));
  expect((await new DeviceStore().all("notes")).map((one) => one.key)).toEqual(["a"]);
  expect(await countUnconfirmed()).toBe(1);
  office("dead");
  await expect(sendNotes(SENDER)).rejects.toThrow();
  expect(await keys()).toEqual(["a"]);
  const sent = office();
  await sendNotes(SENDER);
  expect(sent.map((one) => one.notes.map(({ key }) => key))).toEqual([["a"]]);
  expect(await keys()).toEqual([]);
});

test("of a practice class nothing is kept", async () => {
  await keep(note("a"), { meeting: "practice-abc" });
  expect(await keys()).toEqual([]);
});

test("the first word on a key stays; refused and confirmed are forgotten, the rest waits", async () => {
  await keep(note("a", { body: { first: true } }));
  await keep(note("a", { body: { first: false } }));
  await keep(note("b"));
  await keep(note("c"));
  const sent = office({ status: 200, body: { kept: ["a"], refused: { b: "why" } } });
  await sendNotes(SENDER);
  expect(sent[0]!.notes.find((one) => one.key === "a")!.body).toEqual({ first: true });
  expect(await keys()).toEqual(["c"]);
});

test("of a poll the newest word counts, also when it comes while the older is under way", async () => {
  const poll = (at: number, count: number) => note("p1", { kind: "poll", at, body: { count } });
  const now = clock.now();
  await keep(poll(now - 50, 0));
  await keep(poll(now - 40, 1));
  await keep(poll(now - 45, 9));
  office();
  const plain = globalThis.fetch;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    await keep(poll(now - 30, 2));
    return plain(url, init);
  });
  await sendNotes(SENDER);
  expect((await waitingNotes(ME)).map((one) => one.body)).toEqual([{ count: 2 }]);
});

test("the office rests after a failure, however often we are woken", async () => {
  await keep(note("a"));
  const sent = office("dead");
  await expect(sendNotes(SENDER)).rejects.toThrow();
  vi.spyOn(clock, "ticks").mockImplementation(() => 0);
  await sendNotes(SENDER);
  expect(sent).toHaveLength(1);
});

test("another grown-up's notes wait, until she leads or leaves", async () => {
  await keep(note("a", { at: clock.now() }), { dueIn: 300_000 });
  const sent = office();
  await sendNotes(SENDER);
  expect(sent).toEqual([]);
  await sendSoon(ME, "m1");
  await sendNotes(SENDER);
  expect(sent).toHaveLength(1);
});

test("two hundred at a time, one meeting at a time, in their order", async () => {
  for (let n = 0; n < 450; n++) await keep(note(`n${n}`, { at: clock.now() - 1_000_000 + n }));
  await keep(note("other"), { meeting: "m2" });
  const sent = office();
  await sendNotes(SENDER);
  expect(sent.map((one) => [one.meeting, one.notes.length])).toEqual([["m1", 200], ["m1", 200], ["m1", 50], ["m2", 1]]);
  expect(sent[0]!.notes[0]!.key).toBe("n0");
  expect(await keys()).toEqual([]);
});

test("one note that spoils its batch does not keep back the others", async () => {
  for (const key of ["a", "b", "bad", "d"]) await keep(note(key));
  office();
  const plain = globalThis.fetch;
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) =>
    String(init.body).includes('"bad"') ? new Response(JSON.stringify(refusal(400, "bad_request").body), { status: 400 }) : plain(url, init),
  );
  await sendNotes(SENDER);
  expect(await keys()).toEqual([]);
});

test("a meeting that the office says is not hers is asked about later, and forgotten after a month", async () => {
  await keep(note("a"));
  const sent = office(refusal(404, "not_found"));
  await sendNotes(SENDER);
  await sendNotes(SENDER);
  expect(sent).toHaveLength(1);
  expect(await keys()).toEqual(["a"]);
  const [held] = await waitingNotes(ME);
  await store.put("notes", held!.id, { ...held!, at: clock.now() - 31 * 86_400_000 });
  await sendNotes(SENDER);
  expect(await keys()).toEqual([]);
});

test("yesterday's day session: the cookie will do; and never under another's name", async () => {
  await keep(note("a"));
  const sent = office(refusal(401, "not_signed_on"));
  await sendNotes({ ...SENDER, owner: "somebody" });
  expect(sent).toEqual([]);
  await sendNotes(SENDER);
  expect(sent).toHaveLength(2);
  expect(await keys()).toEqual([]);
});

test("a student took part once per meeting and way, whatever she does and however often the page is loaded", async () => {
  const part = new TookPart("child", "m1");
  const hand = note("h");
  await Promise.all([part.note(hand), part.note({ ...hand, key: "h2" }), part.did("hand"), part.note(note("x", { sub: "other", kind: "chat" }))]);
  await new TookPart("child", "m1").note(hand);
  await new TookPart("child", "m1").note(note("p", { kind: "answer" }));
  await new TookPart("child", "m2").note(hand);
  const told = (await waiting("child")).map(({ kind, meeting, detail }) => [kind, meeting, detail?.what]);
  expect(told).toEqual([["took_part", "m1", "hand"], ["took_part", "m1", "answer"], ["took_part", "m2", "hand"]]);
});

test("speaking adds up in whole seconds; a laptop that slept heard nobody", () => {
  const speaking = new Speaking();
  speaking.look(["a"], 0);
  for (let at = 1000; at <= 4000; at += 1000) speaking.look(at <= 2000 ? ["a", "b"] : ["a"], at);
  expect(speaking.take()).toEqual([{ sub: "a", seconds: 4 }, { sub: "b", seconds: 2 }]);
  speaking.look(["a"], 3_600_000);
  expect(speaking.take()).toEqual([{ sub: "a", seconds: 5 }]);
  expect(speaking.take()).toEqual([]);
  expect(speaking.totalMs("a")).toBe(9000);
});

test("what a child's device tells of her speaking counts for the time that passed, and no more", () => {
  const speaking = new Speaking();
  speaking.told("a", 400, 10_000);
  speaking.told("a", 3_000, 13_000);
  expect(speaking.totalMs("a")).toBe(3_400);
  for (let n = 0; n < 50; n++) speaking.told("a", 3_000_000, 13_100); // a device that lies, again and again
  expect(speaking.totalMs("a")).toBe(3_500);
  expect(speaking.take()).toEqual([{ sub: "a", seconds: 3 }]);
});

test("not heard yet: who has been here longest first, each child once", () => {
  const here = [{ sub: "late", cameAt: 30 }, { sub: "heard", cameAt: 1 }, { sub: "early", cameAt: 20 }, { sub: "early", cameAt: 10 }];
  expect(notHeard(here, new Map([["heard", 5]]))).toEqual(["early", "late"]);
});

test("nobody is called on twice before everybody once, and each is as likely as another", () => {
  const subs = ["a", "b", "c"];
  expect(chooseOne(subs, new Map([["a", 1], ["b", 1]]), () => 0.99)).toBe("c");
  expect([0, 0.4, 0.9].map((at) => chooseOne(subs, new Map(), () => at))).toEqual(subs);
  expect(chooseOne([], new Map())).toBeUndefined();
});
