import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { piecesOf } from "../../src/live/chat-links";
import { followsLinks, policyOfPlan } from "../../src/live/chat-policy";
import { Talk } from "../../src/live/chat-talk";
import { ADULTS, CHAT_TOPIC, SAID_TOPIC } from "../../src/live/messages";
import { type Note, Notes } from "../../src/live/notes";
import { CHAT, FROZEN } from "../../src/live/steer/rules";
import { Steering } from "../../src/live/steer/steering";
import type { Hearer, Sender } from "../../src/live/wire";
import { seeded } from "./seeded";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Device {
  identity: string;
  sub: string;
  adult: Sender["adult"];
  here: boolean;
  talk: Talk;
  steering: Steering;
  notes: Note[];
  hearers: Map<string, Hearer[]>;
}

/** A class whose devices have lines of their own: what is sent goes only to those who are here. */
class Class {
  readonly devices: Device[] = [];
  readonly sent: { topic: string; to: readonly string[] | undefined; from: string }[] = [];
  /** Of a class in groups, the one in which these devices are. */
  group = 0;
  /** Whether this message is lost on its way. */
  lost: (topic: string, from: string, to: string) => boolean = () => false;

  come(identity: string, adult: Sender["adult"] = null): Device {
    const sub = identity.split(".")[0]!;
    const hearers = new Map<string, Hearer[]>();
    const device = { identity, sub, adult, here: true, notes: [], hearers } as unknown as Device;
    const wire = {
      on: (topic: string, hearer: Hearer) => {
        hearers.set(topic, [...(hearers.get(topic) ?? []), hearer]);
        return () => void hearers.delete(topic);
      },
      send: async (topic: string, value: object, to?: readonly string[]) => {
        if (!device.here) throw new Error("no line");
        expect(to?.length, "an empty list goes to everybody at the live server").not.toBe(0);
        this.sent.push({ topic, to, from: identity });
        await Promise.resolve();
        for (const other of this.devices)
          if (other.here && other !== device && (!to || to.includes(other.identity)) && !this.lost(topic, identity, other.identity))
            this.hear(other, topic, value, { identity, sub, adult });
      },
    };
    const notes = new Notes();
    notes.read((note) => device.notes.push(note));
    device.steering = new Steering(() => identity, () => adult !== null, wire);
    device.talk = new Talk({
      me: sub, leads: adult !== null, wire, steering: device.steering, notes,
      people: () => this.devices.filter((one) => one.here && one !== device).map((one) => ({ identity: one.identity, sub: one.sub, adult: one.adult !== null })),
      leading: () => this.devices.find((one) => one.here && one.adult !== null) === device,
      group: () => this.group,
      now: () => Date.now(),
    });
    this.devices.push(device);
    return device;
  }

  hear(to: Device, topic: string, value: unknown, from: Sender): void {
    for (const hearer of to.hearers.get(topic) ?? []) hearer(JSON.parse(JSON.stringify(value)), from);
  }

  stop(): void {
    for (const one of this.devices) one.talk.stop();
  }
}

const texts = (device: Device): string[] => device.talk.messages.value.map((one) => one.text);
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

test("where the class may read, a student's word goes to a grown-up and comes back to all", async () => {
  const all = new Class();
  const [teacher, one, two] = [all.come("t.1", "teacher"), all.come("a.1"), all.come("b.1")];
  await teacher.steering.set(CHAT, "class");
  await one.talk.say("hello");
  expect(one.talk.waiting.value.map((word) => word.state)).toEqual(["sending"]);
  await pass(0);
  for (const device of all.devices) expect(texts(device)).toEqual(["hello"]);
  expect(one.talk.waiting.value).toEqual([]);
  expect(all.sent.filter((sent) => sent.topic === CHAT_TOPIC).map((sent) => sent.to)).toEqual([["t.1"]]);
  await one.talk.say("only you", ADULTS);
  await pass(2_000);
  expect([texts(teacher).length, texts(one).length, texts(two).length]).toEqual([2, 2, 1]);
  all.stop();
});

test("of small children only grown-ups read, and each child what she said", async () => {
  const all = new Class();
  const [teacher, aide, one, two] = [all.come("t.1", "teacher"), all.come("z.1", "aide"), all.come("a.1"), all.come("b.1")];
  await one.talk.say("I need help");
  await pass(0);
  expect([teacher, aide, one, two].map(texts)).toEqual([["I need help"], ["I need help"], ["I need help"], []]);
  await teacher.talk.say("Look at page 3", "a");
  expect([aide, one, two].map((device) => texts(device).at(-1))).toEqual(["Look at page 3", "Look at page 3", undefined]);
  expect(aide.notes.map((note) => note.body.text)).toEqual(["I need help", "Look at page 3"]);
  await teacher.talk.say("Good morning");
  expect(texts(two)).toEqual(["Good morning"]);
  all.stop();
});

test("a student's client that writes to another student is not shown, whatever it says", async () => {
  const all = new Class();
  const [teacher, two] = [all.come("t.1", "teacher"), all.come("b.1")];
  const forger: Sender = { identity: "a.1", sub: "a", adult: null };
  const entry = { id: "t:x", sub: "t", at: 1, text: "from your teacher", to: "" };
  all.hear(two, SAID_TOPIC, { entries: [entry], gone: [] }, forger);
  all.hear(two, CHAT_TOPIC, { id: "x", text: "psst", private: false }, forger);
  all.hear(teacher, SAID_TOPIC, { entries: [entry] }, forger);
  await pass(10_000);
  expect([texts(two), texts(teacher)]).toEqual([[], []]);
  await teacher.talk.say("stays");
  all.hear(two, SAID_TOPIC, { gone: [teacher.talk.messages.value[0]!.id] }, forger);
  expect(texts(two)).toEqual(["stays"]);
  all.stop();
});

test("while the chat is off, or the class frozen, nothing is taken; the child reads so and may try again", async () => {
  const all = new Class();
  const [teacher, one, two] = [all.come("t.1", "teacher"), all.come("a.1"), all.come("b.1")];
  await teacher.steering.set(CHAT, "class");
  await teacher.steering.set(FROZEN, true);
  expect(one.talk.policy.value).toBe("off");
  await one.talk.say("now?");
  await pass(0);
  expect(one.talk.waiting.value[0]).toMatchObject({ state: "refused", why: "off" });
  await teacher.steering.set(FROZEN, false);
  one.talk.again(one.talk.waiting.value[0]!.id);
  await pass(0);
  expect(texts(two)).toEqual(["now?"]);
  all.stop();
});

test("a flood stops at the relay; another child's words pass, and nothing of the flood comes by the second grown-up", async () => {
  const all = new Class();
  const [teacher, , two] = [all.come("t.1", "teacher"), all.come("z.1", "aide"), all.come("b.1")];
  await teacher.steering.set(CHAT, "class");
  const flooder: Sender = { identity: "a.1", sub: "a", adult: null };
  for (let i = 0; i < 50; i++)
    for (const adult of all.devices.slice(0, 2)) all.hear(adult, CHAT_TOPIC, { id: `f${i}`, text: `flood ${i}`, private: false }, flooder);
  await two.talk.say("still here");
  await pass(20_000);
  expect(texts(two).filter((text) => text.startsWith("flood"))).toHaveLength(3);
  expect(texts(two)).toContain("still here");
  all.stop();
});

test("one message is deleted on every device, never comes back, and the book knows by whom", async () => {
  const all = new Class();
  const [teacher, aide, one] = [all.come("t.1", "teacher"), all.come("z.1", "aide"), all.come("a.1")];
  await teacher.steering.set(CHAT, "class");
  await one.talk.say("unkind");
  await pass(0);
  const { id } = teacher.talk.messages.value[0]!;
  await aide.talk.delete(id);
  for (const device of all.devices) expect(texts(device)).toEqual([]);
  expect(teacher.notes.find((note) => note.kind === "chat_deleted")).toMatchObject({ key: `gone:${id}`, sub: "a", body: { id, by: "z" } });
  expect(teacher.notes.find((note) => note.kind === "chat")?.body.text, "the book keeps it").toBe("unkind");
  all.hear(one, SAID_TOPIC, { entries: [{ id, sub: "a", at: 1, text: "unkind", to: "" }] }, { identity: "t.1", sub: "t", adult: "teacher" });
  expect(texts(one)).toEqual([]);
  const late = all.come("c.1");
  await teacher.talk.tellNewcomers(["c.1"]);
  expect(texts(late)).toEqual([]);
  all.stop();
});

test("a newcomer hears what the policy lets her, a grown-up all", async () => {
  const all = new Class();
  const [teacher, one] = [all.come("t.1", "teacher"), all.come("a.1")];
  await teacher.steering.set(CHAT, "class");
  await one.talk.say("to all");
  await pass(2_000);
  await one.talk.say("to you", ADULTS);
  await teacher.talk.say("from me");
  await teacher.talk.say("for a", "a");
  await pass(2_000);
  const [child, aide] = [all.come("c.1"), all.come("z.1", "aide")];
  await teacher.talk.tellNewcomers(["c.1", "z.1"]);
  expect(texts(child).toSorted()).toEqual(["from me", "to all"]);
  expect(texts(aide)).toHaveLength(4);
  await teacher.steering.set(CHAT, "teacher");
  const later = all.come("d.1");
  await teacher.talk.tellNewcomers(["d.1"]);
  expect(texts(later)).toEqual(["from me"]);
  all.devices[1]!.here = false;
  const back = all.come("a.2");
  await teacher.talk.tellNewcomers(["a.2"]);
  expect(texts(back), "her own, also on another device").toHaveLength(4);
  all.stop();
});

test.each(Array.from({ length: 20 }, (_, i) => i + 1))("seed %i: the leading grown-up goes with words on their way; none is lost, none twice", { timeout: 30_000 }, async (seed) => {
  const random = seeded(seed);
  const all = new Class();
  const adults = [all.come("t.1", "teacher"), all.come("u.1", "teacher"), all.come("z.1", "aide")];
  const children = ["a.1", "b.1", "c.1"].map((identity) => all.come(identity));
  await adults[0]!.steering.set(CHAT, "class");
  all.lost = (topic, _from, to) => topic === CHAT_TOPIC && to.endsWith(".1") && random() < 0.4;
  const said: string[] = [];
  for (let turn = 0; turn < 12; turn++) {
    const child = children[Math.floor(random() * 3)]!;
    const text = `${child.sub} ${turn}`;
    said.push(text);
    await child.talk.say(text);
    if (turn === 4) adults[0]!.here = false; // it hangs, or its line is gone
    if (turn === 8) adults[1]!.here = false;
    await pass(random() * 2_500);
  }
  await pass(180_000);
  for (const device of [adults[2]!, ...children]) {
    expect(texts(device).toSorted(), `seed ${seed}, ${device.identity}`).toEqual(said.toSorted());
    for (const { sub } of children)
      expect(texts(device).filter((text) => text.startsWith(sub)), "in the order she said them").toEqual(said.filter((text) => text.startsWith(sub)));
  }
  for (const child of children) expect(child.talk.waiting.value).toEqual([]);
  all.stop();
});

test("a leading device that hangs is passed over, and no grown-up at all means waiting", async () => {
  const all = new Class();
  const [teacher, aide, one] = [all.come("t.1", "teacher"), all.come("z.1", "aide"), all.come("a.1")];
  all.lost = (_topic, _from, to) => to === "t.1";
  await one.talk.say("hello?");
  await pass(7_000);
  expect([texts(aide), texts(one)]).toEqual([["hello?"], ["hello?"]]);
  teacher.here = aide.here = false;
  await one.talk.say("anybody?");
  await pass(30_000);
  expect(one.talk.waiting.value).toMatchObject([{ text: "anybody?", state: "slow" }]);
  aide.here = true;
  await pass(20_000);
  expect([one.talk.waiting.value, texts(aide).at(-1)]).toEqual([[], "anybody?"]);
  all.stop();
});

test("the plan says whom a band may write to; what it does not say is the teacher", () => {
  const chat = { "PK-5": "teacher", "6-8": "class", "9-12": "class", "K-2": "off" } as const;
  const section = (cohort: string, grades = "") => ({ id: "s", title: "", cohort, grades });
  expect(policyOfPlan(section("6-8@north"), chat)).toBe("class");
  expect(policyOfPlan(section("PK-5", "03"), chat)).toBe("teacher");
  expect(policyOfPlan(section("PK-5", "KG,01"), chat)).toBe("off");
  expect(policyOfPlan(section("PK-5", "02,03"), chat)).toBe("teacher");
  expect(policyOfPlan(section("all"), chat)).toBe("teacher");
  expect(policyOfPlan(section("9-12"), undefined)).toBe("teacher");
  expect(policyOfPlan(undefined, chat)).toBe("teacher");
  expect([followsLinks(section("PK-5")), followsLinks(section("6-8@a")), followsLinks(section("all"))]).toEqual([false, true, false]);
});

test("only https is a link, with its host; what ends the sentence is not part of it", () => {
  expect(piecesOf("see https://example.org/a?b=1. ok")).toEqual([
    { text: "see " }, { text: "https://example.org/a?b=1", href: "https://example.org/a?b=1", host: "example.org" }, { text: ". ok" },
  ]);
  for (const text of ["http://example.org", "javascript:alert(1)", "https://bank.example@evil.example/", "https://localhost/x", "https://"])
    expect(piecesOf(text), text).toEqual([{ text }]);
});

test("what was said in a group is told to those who come to it, and to nobody in another one or in the class", async () => {
  const all = new Class();
  const [teacher, one] = [all.come("t.1", "teacher"), all.come("a.1")];
  await teacher.steering.set(CHAT, "class");
  await teacher.talk.say("to the class");
  all.group = 1;
  await one.talk.say("our answer is seven");
  await pass(0);
  expect(teacher.notes.at(-1)?.body.group).toBe(1);
  for (const [group, told] of [[2, ["to the class"]], [0, ["to the class"]], [1, ["to the class", "our answer is seven"]]] as const) {
    all.group = group;
    const comes = all.come(`n${group}.1`);
    await teacher.talk.tellNewcomers([comes.identity]);
    expect(texts(comes)).toEqual(told);
  }
  all.stop();
});
