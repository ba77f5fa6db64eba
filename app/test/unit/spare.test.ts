import { expect, test } from "vitest";
import type { Bundle, BundleSection, SchoolPlan, Spare } from "../../src/contracts";
import type { HeldPlan } from "../../src/keep/kept";
import { spareTicket } from "../../src/joining/spare";
import { nearBell, SPARE_QUIET_SECONDS, spareIsBehind } from "../../src/office/renew-when";
import { type Sitting, sittings } from "../../src/plan/day";

const START = 1_800_000_000;
const SPARE: Spare = {
  meeting: "m1", section: "math", turn: 0, nbf: START - 600, exp: START + 1200, nodes: ["n2", "n1"], identity: "me.dev", token: "jwt",
};
const section: BundleSection = { id: "math", title: "Math", school: "s", role: "student", members: [] };

function held({ spare = {}, turn, pathway = "live" }: { spare?: Partial<Spare> | null; turn?: number; pathway?: "live" | "zoom" } = {}) {
  const bundle = {
    sections: [section], live: [{ id: "n1", url: "wss://old" }, { id: "n2", url: "wss://two" }],
    ...(spare ? { spares: [{ ...SPARE, ...spare }] } : {}),
  } as unknown as Bundle;
  const meeting = { id: "m1", period: "1", starts_at: START, ends_at: START + 2700, nodes: ["n1", "n2"], ...(turn === undefined ? {} : { turn }) };
  const plan = {
    index: { live: [{ id: "n1", url: "wss://one" }] },
    schools: [{ org: "s", time_zone: "UTC", sections: [{ id: "math", title: "Math", cohort: "", pathway, meetings: [meeting] }] }],
  } as unknown as HeldPlan;
  const sitting = sittings([section], plan.schools)[0]!;
  return (at = START) => spareTicket(sitting, bundle, plan, at);
}

test("opens the class by itself: its servers in the spare's order, where the plan says they are", () => {
  expect(held()()).toMatchObject({
    state: "live", meeting: "m1", section: "math", starts_at: START,
    seats: [
      { node: "n2", url: "wss://two", token: "jwt", identity: "me.dev" },
      { node: "n1", url: "wss://one", token: "jwt", identity: "me.dev" },
    ],
  });
});

test.each([
  ["the bundle has none", held({ spare: null })],
  ["it is for another meeting", held({ spare: { meeting: "m2" } })],
  ["somebody was taken out since: another turn", held({ turn: 1 })],
  ["it is of a later turn than this plan", held({ spare: { turn: 2 } })],
  ["the class meets elsewhere today", held({ pathway: "zoom" })],
  ["no server of it is known", held({ spare: { nodes: ["n9"] } })],
])("is not used when %s", (_why, ticket) => expect(ticket()).toBeNull());

test("is good from ten minutes before the bell until twenty after it", () => {
  const ticket = held();
  expect([START - 601, START - 600, START + 1199, START + 1200].map((at) => ticket(at) !== null)).toEqual([false, true, true, false]);
});

test("is of the turn that the plan says", () => expect(held({ spare: { turn: 3 }, turn: 3 })()).not.toBeNull());

test("is a new ticket each time, so that a lost seat is taken again", () => {
  const ticket = held();
  expect(ticket()).not.toBe(ticket());
});

test("a spare is behind when the plan has a later turn of a class to come", () => {
  const plans = (turn?: number) => [{ sections: [{ meetings: [{ id: "m1", ...(turn === undefined ? {} : { turn }) }, { id: "other", turn: 9 }] }] }] as unknown as SchoolPlan[];
  expect(spareIsBehind([SPARE], plans(1), START)).toBe(true);
  expect(spareIsBehind([SPARE], plans(0), START)).toBe(false);
  expect(spareIsBehind([SPARE], plans(), START)).toBe(false);
  expect(spareIsBehind([{ ...SPARE, turn: 2 }], plans(1), START)).toBe(false); // the bundle is newer than the plan
  expect(spareIsBehind([SPARE], plans(1), SPARE.exp)).toBe(false); // over
  expect(spareIsBehind([], plans(1), START)).toBe(false);
});

test("near a bell it is not renewed: five minutes before and after", () => {
  const today = [{ startsAt: START } as Sitting];
  const near = (at: number) => nearBell(today, at, { before: SPARE_QUIET_SECONDS, after: SPARE_QUIET_SECONDS });
  expect([START - 301, START - 300, START, START + 300, START + 301].map(near)).toEqual([false, true, true, true, false]);
});
