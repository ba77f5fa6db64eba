import { beforeEach, expect, test } from "vitest";
import { deal, groupsBySize, smallest } from "../../src/live/groups/deal";
import { heldSeat, keepHeldSeat } from "../../src/live/groups/held-seat";
import { GROUPS, NO_GROUPS, placeOfPerson } from "../../src/live/groups/rule";
import { ALONE_AT_MOST_MS, NOBODY_HERE_MS, nextStep, type Situation } from "../../src/live/groups/steps";
import { readCall, readSaid, readSeat } from "../../src/live/groups/topics";
import { seeded } from "./seeded";

const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `s${index}`);
const sizes = (of: Record<string, number>, groups: number, only: (sub: string) => boolean = () => true): number[] =>
  Array.from({ length: groups }, (_, index) => Object.entries(of).filter(([sub, group]) => group === index + 1 && only(sub)).length);
const spread = (all: number[]): number => Math.max(...all) - Math.min(...all);

test("everybody is dealt into one group, sizes differ by one at most, and those not heard are spread", () => {
  const random = seeded(7);
  for (let round = 0; round < 300; round++) {
    const students = people(1 + Math.floor(random() * 40));
    const groups = 1 + Math.floor(random() * Math.min(20, students.length));
    const heard = new Set(students.filter(() => random() < 0.5));
    const of = deal({ students, groups, heard, random });
    expect(Object.keys(of).sort()).toEqual([...students].sort());
    expect(spread(sizes(of, groups))).toBeLessThanOrEqual(1);
    expect(spread(sizes(of, groups, (sub) => !heard.has(sub)))).toBeLessThanOrEqual(1);
  }
});

test("dealing is by chance: another draw is another class", () => {
  const students = people(30);
  const draws = [1, 2, 3].map((seed) => JSON.stringify(deal({ students, groups: 6, heard: new Set(), random: seeded(seed) })));
  expect(new Set(draws).size).toBe(3);
});

test("groups of a size leave nobody over", () => {
  expect([groupsBySize(10, 3), groupsBySize(11, 4), groupsBySize(2, 4), groupsBySize(0, 4), groupsBySize(30, 2)]).toEqual([3, 3, 1, 1, 15]);
});

test("a latecomer goes into the smallest group, of equals the first", () => {
  expect(smallest(3, { a: 1, b: 2, c: 2 })).toBe(3);
  expect(smallest(2, { a: 1, b: 2 })).toBe(1);
  expect(smallest(2, {})).toBe(1);
});

const HERE: Situation = { told: true, mine: 2, here: 2, seat: 2, aloneMs: 0, hadAdult: true };

test.each<[string, Partial<Situation>, string]>([
  ["in her group she stays", {}, "stay"],
  ["sent from the class, with her seat, she goes", { here: 0 }, "go"],
  ["without a seat she asks for it", { here: 0, seat: 0 }, "ask"],
  ["with a seat in another group than hers she asks", { here: 0, seat: 1 }, "ask"],
  ["put into another group she goes there", { here: 1 }, "go"],
  ["called back she comes back", { mine: 0 }, "back"],
  ["in the class, in no group, she stays", { mine: 0, here: 0, told: false }, "stay"],
  ["after a reload in her group she waits for word", { told: false, mine: 0 }, "ask"],
  ["after a reload in a group that is over she comes back", { told: false, mine: 0, hadAdult: false, aloneMs: NOBODY_HERE_MS }, "back"],
  ["a moment without a grown-up is not the end", { aloneMs: 30_000 }, "stay"],
  ["long without a grown-up, the group goes back to the class", { aloneMs: ALONE_AT_MOST_MS }, "back"],
  ["she does not leave a class without a grown-up by herself", { here: 0, aloneMs: 1 }, "stay"],
])("%s", (_, changed, step) => {
  expect(nextStep({ ...HERE, ...changed })).toBe(step);
});

test("a device that follows its steps ends where the teacher wants it, whatever fails on the way", () => {
  const random = seeded(11);
  for (let round = 0; round < 200; round++) {
    const mine = Math.floor(random() * 4);
    let [here, seat] = [Math.floor(random() * 4), Math.floor(random() * 4)];
    for (let turn = 0; turn < 60; turn++) {
      const step = nextStep({ told: true, mine, here, seat, aloneMs: 0, hadAdult: true });
      if (step === "ask" && random() < 0.5) seat = mine;
      // Going may fail: then she is in the class again, and her seat is gone.
      if (step === "go") [here, seat] = random() < 0.7 ? [mine, seat] : [0, 0];
      if (step === "back") [here, seat] = [0, 0];
    }
    expect(here).toBe(mine);
  }
});

test("the rule of groups is read strictly", () => {
  const good = { ...NO_GROUPS, open: true, round: 1, names: ["", "Readers"], of: { ann: 1, ben: 2 } };
  expect(GROUPS.read(JSON.parse(JSON.stringify(good)))).toEqual(good);
  for (const bad of [
    null, 1, [], { ...good, open: "yes" }, { ...good, of: { ann: 3 } }, { ...good, of: { ann: 0 } }, { ...good, of: { ann: 1.5 } }, { ...good, of: [] },
    { ...good, names: people(21) }, { ...good, names: [1] }, { ...good, names: ["x".repeat(41)] }, { ...good, until: -1 }, { ...good, round: Number.NaN },
    { ...good, of: Object.fromEntries(people(121).map((sub) => [sub, 1])) },
  ])
    expect(GROUPS.read(bad)).toBeNull();
  expect(placeOfPerson(good, "ann")).toBe(1);
  expect(placeOfPerson(good, "zoe")).toBe(0);
  expect(placeOfPerson({ ...good, open: false }, "ann")).toBe(0);
});

test("words between devices are read strictly", () => {
  expect(readSeat({ group: 1, token: "t" })).toEqual({ group: 1, token: "t" });
  for (const bad of [null, {}, { group: 0, token: "t" }, { group: 1.5, token: "t" }, { group: 1 }]) expect(readSeat(bad)).toBeNull();
  expect(readCall({ at: 5 })).toEqual({ at: 5, over: false, later: false });
  expect(readCall({ at: 5, over: true, later: true })).toEqual({ at: 5, over: true, later: true });
  for (const bad of [null, { at: "5" }, { at: Number.NaN }]) expect(readCall(bad)).toBeNull();
  expect(readSaid({ text: " hi " })).toBe("hi");
  for (const bad of [null, { text: " " }, { text: "x".repeat(501) }, { text: 1 }]) expect(readSaid(bad)).toBeNull();
});

const held = { meeting: "m", main: "place", group: 2, token: "t" };

beforeEach(() => {
  const kept = new Map<string, string>();
  globalThis.sessionStorage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => void kept.set(name, text),
    removeItem: (name: string) => void kept.delete(name),
  } as unknown as Storage;
});

test("a seat outlives a reload, of this meeting only, until she is back in the class", () => {
  keepHeldSeat(held);
  expect(heldSeat("m")).toEqual(held);
  expect(heldSeat("another")).toBeNull();
  keepHeldSeat(null);
  expect(heldSeat("m")).toBeNull();
});

test("a window that keeps nothing, or something else, begins in the class", () => {
  sessionStorage.setItem("schoolday.group_seat", "{");
  expect(heldSeat("m")).toBeNull();
  sessionStorage.setItem("schoolday.group_seat", JSON.stringify({ ...held, token: 1 }));
  expect(heldSeat("m")).toBeNull();
});
