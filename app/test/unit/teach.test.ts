import { expect, test } from "vitest";
import { type Act, BoardLog, readAct } from "../../src/live/teach/board/log";
import { mayWrite } from "../../src/live/teach/board/rule";
import { type Link, newest, safeUrl } from "../../src/live/teach/links/rule";
import { cut, onLong, sendLong, STUDENT_AT_MOST_LETTERS } from "../../src/live/teach/pieces";
import { Ballots } from "../../src/live/teach/polls/ballots";
import { answerOf, count, NO_POLL, type Poll, readPoll } from "../../src/live/teach/polls/rule";
import { addMinute, clockOf, leftOf, momentPassed, pauseTimer, resumeTimer, startTimer } from "../../src/live/teach/timer/rule";
import { type Hearer, type Sender, WIRE_AT_MOST_BYTES } from "../../src/live/wire";
import { seeded } from "./seeded";

const stroke = (name = "stroke") => ({ commandType: "add-element" as const, data: { elemData: { name, zIndex: 1, id: "x", data: [] } } });
const TEACHER: Sender = { identity: "t.1", sub: "t", adult: "teacher" };
const CHILD: Sender = { identity: "c.1", sub: "c", adult: null };

function wire() {
  const sent: unknown[] = [];
  let hearer: Hearer = () => {};
  return {
    sent,
    say: (value: unknown, from: Sender) => hearer(JSON.parse(JSON.stringify(value)), from),
    send: async (_topic: string, value: object) => {
      const bytes = new TextEncoder().encode(JSON.stringify(value)).length;
      expect(bytes).toBeLessThanOrEqual(WIRE_AT_MOST_BYTES);
      sent.push(value);
    },
    on: (_topic: string, given: Hearer) => {
      hearer = given;
      return () => undefined;
    },
  };
}

test("a long value goes in pieces that fit and comes whole, whatever its letters are", async () => {
  for (const letters of ["x", '"\\', "é", "👩‍🏫", "\u2028"]) {
    const line = wire();
    const heard: unknown[] = [];
    onLong(line, "t", (value) => heard.push(value));
    const value = { text: letters.repeat(30_000) };
    await sendLong(line, "t", value);
    expect(line.sent.length).toBeGreaterThan(1);
    for (const piece of line.sent) line.say(piece, TEACHER);
    expect(heard).toEqual([value]);
  }
  expect(cut("")).toEqual([""]);
});

test("pieces of two senders do not mix, a lost one makes nothing, and a student cannot fill the memory", async () => {
  const line = wire();
  const heard: unknown[] = [];
  onLong(line, "t", (value) => heard.push(value));
  await sendLong(line, "t", { text: "x".repeat(30_000) });
  const [first, second, third] = line.sent;
  line.say(first, TEACHER);
  line.say(second, CHILD);
  line.say(third, TEACHER); // the second was lost
  expect(heard).toEqual([]);
  line.sent.length = 0;
  await sendLong(line, "t", { text: "x".repeat(STUDENT_AT_MOST_LETTERS) });
  for (const piece of line.sent) line.say(piece, CHILD);
  expect(heard).toEqual([]);
  for (const piece of line.sent) line.say(piece, TEACHER);
  expect(heard).toHaveLength(1);
});

test("a board is the same on every device, in whatever order and how often its acts come", () => {
  const random = seeded(5);
  for (let round = 0; round < 40; round++) {
    const [teacher, child] = [new BoardLog(), new BoardLog()];
    const acts: Act[] = [];
    for (let step = 0; step < 25; step++) {
      const [log, by, adult] = random() < 0.5 ? ([teacher, "t-1", true] as const) : ([child, "c-1", false] as const);
      const known = log.acts;
      const other = known[Math.floor(random() * known.length)];
      const id = other ? `${other.by}:${other.n}` : "none";
      const dice = random();
      if (dice < 0.6) acts.push(log.make(by, adult, "1", { do: "add", command: stroke() }));
      else if (dice < 0.75) acts.push(log.make(by, adult, "1", { do: "erase", of: [id] }));
      else if (dice < 0.9) acts.push(log.make(by, adult, "1", { do: "undo", of: id }));
      else if (adult) acts.push(log.make(by, adult, "1", { do: "clear" }));
      if (random() < 0.5) for (const act of acts) (random() < 0.5 ? teacher : child).take(act);
    }
    const seen = [1, 2, 3].map(() => {
      const log = new BoardLog();
      for (const act of [...acts, ...acts].sort(() => random() - 0.5)) log.take(act);
      expect(log.size).toBe(acts.length);
      return [...log.visible("1")];
    });
    expect(seen[1]).toEqual(seen[0]);
    expect(seen[2]).toEqual(seen[0]);
  }
});

test("each takes back and erases her own; the teacher clears, and can take that back", () => {
  const log = new BoardLog();
  const [hers] = [log.make("t-1", true, "1", { do: "add", command: stroke() })];
  log.make("c-1", false, "1", { do: "erase", of: [`${hers.by}:${hers.n}`] });
  log.make("c-1", false, "1", { do: "undo", of: `${hers.by}:${hers.n}` });
  log.make("c-1", false, "1", { do: "clear" });
  expect(log.visible("1").size).toBe(1);
  log.make("c-1", false, "1", { do: "add", command: stroke() });
  expect(log.visible("1").size).toBe(2);
  log.make("t-1", true, "1", { do: "clear" });
  expect(log.visible("1").size).toBe(0);
  log.make("t-1", true, "1", { do: "undo", of: log.undoable("t", "1")! });
  expect(log.visible("1").size).toBe(2);
  log.make("t-2", true, "1", { do: "undo", of: log.undoable("t", "1")! }); // after a reload too
  expect([...log.visible("1").keys()]).toEqual(["c-1:4"]);
});

test("a page can be had without what some have drawn; what they erased stays away", () => {
  const log = new BoardLog();
  const hers = log.make("t-1", true, "1", { do: "add", command: stroke() });
  log.make("t-1", true, "1", { do: "add", command: stroke() });
  log.make("c-1", false, "1", { do: "add", command: stroke() });
  log.make("t-1", true, "1", { do: "erase", of: [`${hers.by}:${hers.n}`] });
  expect([...log.visible("1", (act) => act.adult).keys()]).toEqual(["t-1:2"]);
  expect([...log.visible("1", (act) => !act.adult).keys()]).toEqual(["c-1:1"]);
});

test("what somebody lacks is found, also with a hole in it", () => {
  const [whole, holed] = [new BoardLog(), new BoardLog()];
  for (let n = 0; n < 4; n++) whole.make("c-1", false, "1", { do: "add", command: stroke() });
  for (const act of whole.acts) if (act.n !== 2) holed.take(act);
  expect(holed.have()).toEqual({ "c-1": 1 });
  for (const act of whole.after(holed.have())) holed.take(act);
  expect(holed.have()).toEqual({ "c-1": 4 });
});

test("only strokes and texts are acts: nothing that loads or runs something", () => {
  const act = { by: "c-1", n: 1, t: 1, page: "1", what: { do: "add", command: stroke() } };
  expect(readAct(act)).not.toBeNull();
  for (const name of ["image-component", "unknown-svg-object", "svg-global-attributes", "image-background"])
    expect(readAct({ ...act, what: { do: "add", command: stroke(name) } })).toBeNull();
  expect(readAct({ ...act, what: { do: "add", command: { ...stroke(), commandType: "duplicate" } } })).toBeNull();
  expect(readAct({ ...act, n: 0 })).toBeNull();
  expect(readAct({ ...act, by: "c" })).toBeNull();
});

test("who may write", () => {
  expect(mayWrite({ who: "teacher", subs: ["c"] }, "c")).toBe(false);
  expect(mayWrite({ who: "some", subs: ["c"] }, "c")).toBe(true);
  expect(mayWrite({ who: "some", subs: ["c"] }, "d")).toBe(false);
  expect(mayWrite({ who: "all", subs: [] }, "d")).toBe(true);
});

const open: Poll = { ...NO_POLL, id: "p", form: "abcd", state: "open" };

test("one answer a child, the last one, and none after the end", () => {
  const ballots = new Ballots();
  expect(ballots.take("p", "c", { answer: "A", n: 1 })).toBe(false); // nobody asked
  ballots.learn(open);
  expect(ballots.take("p", "c", { answer: "A", n: 1 })).toBe(true);
  expect(ballots.take("p", "c", { answer: "A", n: 1 })).toBe(true); // told twice
  expect(ballots.take("p", "c", { answer: "B", n: 2 })).toBe(true);
  expect(ballots.take("p", "c", { answer: "E", n: 3 })).toBe(false);
  expect(ballots.take("p", "d", { answer: "B", n: 1 })).toBe(true);
  expect(count(open, [...ballots.answers("p").values()].map((one) => one.answer)).map((one) => one.count)).toEqual([0, 2, 0, 0]);
  ballots.learn({ ...open, state: "closed" });
  expect(ballots.take("p", "c", { answer: "C", n: 3 })).toBe(false);
  expect(ballots.take("p", "e", { answer: "C", n: 1 })).toBe(false);
  expect(ballots.answers("p").get("c")?.answer).toBe("B");
});

test("answers outlive a reload, and those of two grown-ups' devices make one count", () => {
  const [one, other] = [new Ballots(), new Ballots()];
  for (const each of [one, other]) each.learn(open);
  one.take("p", "c", { answer: "A", n: 1 });
  other.take("p", "c", { answer: "B", n: 2 });
  other.take("p", "d", { answer: "B", n: 1 });
  const again = new Ballots();
  for (const each of [one, other, one]) again.merge(JSON.parse(JSON.stringify(each.all())), readPoll);
  expect(Object.fromEntries(again.answers("p"))).toEqual({ c: { answer: "B", n: 2 }, d: { answer: "B", n: 1 } });
});

test("of an anonymous question that is closed nobody is kept, and its count stays", () => {
  const ballots = new Ballots();
  ballots.learn({ ...open, named: false });
  ballots.take("p", "c", { answer: "A", n: 1 });
  ballots.take("p", "d", { answer: "A", n: 1 });
  const before = JSON.parse(JSON.stringify(ballots.all()));
  ballots.learn({ ...open, named: false, state: "closed" });
  expect(JSON.stringify(ballots.all())).not.toMatch(/"[cd]"/);
  ballots.merge(before, readPoll);
  expect(ballots.answers("p").size).toBe(2);
});

test("typed answers: words are counted as a class says them, numbers as numbers", () => {
  expect(count({ form: "word", options: [] }, ["Cat", "cat", "dog"])).toEqual([{ answer: "Cat", count: 2 }, { answer: "dog", count: 1 }]);
  expect(answerOf({ form: "number", options: [] }, " 1,50 ")).toBe("1.5");
  expect(answerOf({ form: "number", options: [] }, "one")).toBeNull();
  expect(answerOf({ form: "own", options: ["Red"] }, "Blue")).toBeNull();
});

test("the timer counts by one clock, rests, goes on and takes a minute more", () => {
  let timer = startTimer("t", 90, 1_000);
  expect(leftOf(timer, 31_000)).toBe(60_000);
  timer = pauseTimer(timer, 31_000);
  expect(leftOf(timer, 999_000)).toBe(60_000);
  timer = addMinute(timer, 999_000);
  timer = resumeTimer(timer, 1_000_000);
  expect(leftOf(timer, 1_030_000)).toBe(90_000);
  expect(leftOf(timer, 2_000_000)).toBe(0);
  expect(leftOf(addMinute(timer, 2_000_000), 2_000_000)).toBe(60_000);
  expect([clockOf(90_000), clockOf(59_100), clockOf(1), clockOf(0)]).toEqual(["1:30", "1:00", "0:01", "0:00"]);
  expect([momentPassed(61_000, 60_000), momentPassed(59_000, 58_000), momentPassed(200, 0), momentPassed(0, 0)]).toEqual([60, null, 0, null]);
});

test("a link for children is https, and says whose it is", () => {
  expect(safeUrl("example.org/a")).toBe("https://example.org/a");
  expect(safeUrl("http://example.org")).toBe("https://example.org/");
  for (const bad of ["javascript:alert(1)", "data:text/html,x", "ftp://example.org", "https://me:secret@example.org", "https://example.org/a b", "localhost", ""])
    expect(safeUrl(bad)).toBeNull();
});

test("of links with long names as many are told as one message holds, the newest", () => {
  const links: Link[] = Array.from({ length: 14 }, (_, index) => ({ id: `${index}`, url: `https://example.org/${"x".repeat(700)}`, file: "", name: "é".repeat(200) }));
  const told = newest(links);
  expect(told.at(-1)?.id).toBe("13");
  expect(told.length).toBeGreaterThan(5);
  expect(new TextEncoder().encode(JSON.stringify({ rules: { links: { v: 1, by: "x".repeat(40), value: told } } })).length).toBeLessThanOrEqual(WIRE_AT_MOST_BYTES);
  expect(newest(links.map((one) => ({ ...one, url: "https://example.org/", name: "a" })))).toHaveLength(12);
});
