import { expect, test } from "vitest";
import { type Adult, adultRole, byRank } from "../../src/live/adults";
import type { Member } from "../../src/contracts";
import { eagerness, LookTimer, type Situation, whereToMove } from "../../src/live/follow-rules";
import { seeded } from "./seeded";

const MEMBERS: Member[] = [
  { id: "ruiz", name: "Ms. Ruiz", role: "teacher" },
  { id: "okafor", name: "Mr. Okafor", role: "teacher" },
  { id: "aide", name: "Ms. Lindor", role: "aide" },
  { id: "child", name: "Naïka", role: "student" },
];
const order = byRank(MEMBERS);
const adult = (sub: string, role: Adult["role"], device = "d1", joinedAt = 1000): Adult => ({ identity: `${sub}.${device}`, sub, role, joinedAt });
const RUIZ = adult("ruiz", "teacher");
const OKAFOR = adult("okafor", "teacher");
const AIDE = adult("aide", "aide");
const DUTY = adult("stone", "duty");

test("who is grown-up says the signed role alone", () => {
  expect(["teacher", "aide", "duty"].map((role) => adultRole({ role }))).toEqual(["teacher", "aide", "duty"]);
  for (const role of ["student", "observer", "", "Teacher", "teacher "]) expect(adultRole({ role }), role).toBeNull();
  expect(adultRole({})).toBeNull();
});

test("teachers lead as the class list has them, then aides, then duty", () => {
  expect([DUTY, AIDE, OKAFOR, RUIZ].sort(order)).toEqual([RUIZ, OKAFOR, AIDE, DUTY]);
  // A substitute whom the list does not know yet is a teacher all the same.
  expect([AIDE, adult("substitute", "teacher"), OKAFOR].sort(order)[1]!.sub).toBe("substitute");
});

test("of one person's two devices the later leads", () => {
  const [early, late] = [adult("ruiz", "teacher", "d9", 1000), adult("ruiz", "teacher", "d1", 2000)];
  expect([early, late].sort(order)[0]).toBe(late);
});

test("the order is strict: of any two devices exactly one leads, and it never goes in a circle", () => {
  const random = seeded(11);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
  const any = (): Adult => adult(pick(["ruiz", "okafor", "aide", "x", "y"]), pick(["teacher", "aide", "duty"]), pick(["d1", "d2", "d3"]), pick([1000, 2000]));
  for (let i = 0; i < 1_000; i++) {
    const [a, b, c] = [any(), any(), any()];
    expect(Math.sign(order(a, b))).toBe(-Math.sign(order(b, a)) || 0);
    if (order(a, b) < 0 && order(b, c) < 0) expect(order(a, c)).toBeLessThan(0);
    if (order(a, b) === 0) expect(a.identity).toBe(b.identity);
  }
});

const BELL = 100_000;
const situation = (changed: Partial<Situation>): Situation => ({
  now: BELL + 60, startsAt: BELL, placeLost: false, leads: false, adultHere: false, connectedForMs: 600_000, ...changed,
});

test.each([
  ["a child alone after the bell", {}, "often"],
  ["from a minute before the bell", { now: BELL - 60 }, "often"],
  ["earlier nobody", { now: BELL - 61 }, "never"],
  ["nor a grown-up", { now: BELL - 61, leads: true }, "never"],
  ["unless its place was lost", { now: BELL - 300, placeLost: true }, "often"],
  ["a child with a grown-up", { adultHere: true }, "never"],
  ["a grown-up who has just come", { leads: true, connectedForMs: 59_000 }, "often"],
  ["a grown-up later, also with another one", { leads: true, adultHere: true }, "rarely"],
] as const)("who looks into the other place: %s", (_who, changed, expected) => {
  expect(eagerness(situation(changed))).toBe(expected);
});

test("looks come after 1 to 4 s, then every 5 to 15 s, and never in a tight loop", () => {
  const random = seeded(5);
  for (let run = 0; run < 50; run++) {
    const timer = new LookTimer(random);
    const looks: number[] = [];
    for (let ms = 0; ms < 120_000; ms += 100) if (timer.due("often", ms)) looks.push(ms);
    expect(looks[0]).toBeGreaterThanOrEqual(1_000);
    expect(looks[0]).toBeLessThanOrEqual(4_100);
    for (let i = 1; i < looks.length; i++) {
      expect(looks[i]! - looks[i - 1]!).toBeGreaterThanOrEqual(5_000);
      expect(looks[i]! - looks[i - 1]!).toBeLessThanOrEqual(15_100);
    }
  }
});

test("a grown-up looks often for a minute and then about once a minute; with nothing to look for nobody does", () => {
  const timer = new LookTimer(seeded(3));
  const looks: number[] = [];
  for (let ms = 0; ms < 600_000; ms += 500) if (timer.due(ms < 60_000 ? "often" : "rarely", ms)) looks.push(ms);
  expect(looks.filter((ms) => ms > 90_000).length).toBeGreaterThanOrEqual(6);
  expect(looks.filter((ms) => ms > 90_000).length).toBeLessThanOrEqual(12);
  for (let ms = 600_000; ms < 700_000; ms += 500) expect(timer.due("never", ms)).toBe(false);
});

const move = (self: Adult | null, here: Adult[], ...there: Adult[]) =>
  whereToMove({ self, here, found: [{ place: "n2", adults: there }], order })?.adult.sub ?? null;

test("a child goes where the leading grown-up is, and stays where one is", () => {
  expect(move(null, [], DUTY, RUIZ)).toBe("ruiz");
  expect(move(null, [DUTY], RUIZ)).toBeNull();
  expect(move(null, [])).toBeNull();
});

test("a grown-up goes only to one who leads her and all that are with her", () => {
  expect(move(DUTY, [], RUIZ)).toBe("ruiz");
  expect(move(RUIZ, [], OKAFOR, DUTY)).toBeNull();
  expect(move(DUTY, [RUIZ], OKAFOR)).toBeNull();
  expect(move(OKAFOR, [AIDE], RUIZ)).toBe("ruiz");
  // Her own seat, still held by a server that has not noticed, is nobody to follow.
  expect(move(OKAFOR, [], OKAFOR)).toBeNull();
});

test("whoever is where, in whatever order they look: all end in one place, with the leading grown-up, who never moves", () => {
  const random = seeded(99);
  for (let run = 0; run < 100; run++) {
    const grown = [RUIZ, OKAFOR, AIDE, DUTY, adult("ruiz", "teacher", "d2", 2000)].filter(() => random() < 0.6);
    if (grown.length === 0) continue;
    const place = new Map<string, string>(grown.map((one) => [one.identity, random() < 0.5 ? "n1" : "n2"]));
    const children = Array.from({ length: 6 }, (_, i) => `child${i}.d`);
    for (const child of children) place.set(child, random() < 0.5 ? "n1" : "n2");
    const leading = [...grown].sort(order)[0]!;
    const home = place.get(leading.identity);
    const at = (node: string) => grown.filter((one) => place.get(one.identity) === node);
    const everybody = [...place.keys()];
    let moves = 0;
    let leadingMoved = false;
    for (let step = 0; step < 400; step++) {
      const who = everybody[Math.floor(random() * everybody.length)]!;
      const node = place.get(who)!;
      const other = node === "n1" ? "n2" : "n1";
      const self = grown.find((one) => one.identity === who) ?? null;
      const to = whereToMove({ self, here: at(node).filter((one) => one !== self), found: [{ place: other, adults: at(other) }], order });
      if (to) moves++;
      if (to) place.set(who, to.place);
      leadingMoved ||= place.get(leading.identity) !== home;
    }
    expect(leadingMoved).toBe(false);
    expect(new Set(place.values())).toEqual(new Set([home]));
    expect(moves).toBeLessThanOrEqual(everybody.length * 3);
  }
});
