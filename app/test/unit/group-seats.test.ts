import { beforeEach, expect, test, vi } from "vitest";
import { askSeats, type SeatsAsked } from "../../src/live/groups/door";
import type { Places } from "../../src/live/groups/places";
import { type Groups, NO_GROUPS } from "../../src/live/groups/rule";
import { Seats } from "../../src/live/groups/seats";

vi.mock("../../src/live/groups/door", () => ({ askSeats: vi.fn() }));

const DEVICE = "12345678";
const open: Groups = { ...NO_GROUPS, open: true, round: 1, names: ["", ""] };
let where: Record<number, string[]>;
let sent: { place: number; group: number; to: string }[];

beforeEach(() => {
  where = { 0: [], 1: [], 2: [] };
  sent = [];
  vi.mocked(askSeats).mockReset();
  vi.mocked(askSeats).mockImplementation(async (_sitting, { seats = {} }: SeatsAsked) => ({
    seats: Object.fromEntries(Object.entries(seats).filter(([one]) => !one.startsWith("stranger")).map(([one, group]) => [one, `token ${one} ${group}`])),
    own: {}, watch: {}, refused: [],
  }));
});

function seats(): Seats {
  const places = {
    groups: [1, 2],
    studentsIn: (place: number) => (where[place] ?? []).map((sub) => ({ identity: `${sub}.${DEVICE}`, sub })),
    fresh: (token: string | undefined) => token !== undefined,
    wireOf: (place: number) => ({ send: async (_topic: string, { group }: { group: number }, [to]: string[]) => void sent.push({ place, group, to: to! }) }),
  } as unknown as Places;
  return new Seats({ group: { value: 0 } } as never, {} as never, places, new AbortController().signal);
}

test("everybody who belongs elsewhere has her seat where she is, asked for once and told again until she is there", async () => {
  const desk = seats();
  where = { 0: ["ann"], 1: ["ben"], 2: ["cid"] };
  const groups = { ...open, of: { ann: 1, ben: 2, cid: 2 } };
  await desk.handOut(groups, 10_000);
  await desk.handOut(groups, 11_000);
  expect(sent).toEqual([{ place: 0, group: 1, to: `ann.${DEVICE}` }, { place: 1, group: 2, to: `ben.${DEVICE}` }]);
  await desk.handOut(groups, 13_500);
  expect(sent).toHaveLength(4);
  expect(askSeats).toHaveBeenCalledTimes(1);
  desk.asked(`ann.${DEVICE}`);
  await desk.handOut(groups, 14_000);
  expect(sent).toHaveLength(5);
});

test("whom the door refuses is not asked for again and again", async () => {
  const desk = seats();
  where = { 0: ["stranger"], 1: [], 2: [] };
  for (let now = 0; now < 60_000; now += 1_000) await desk.handOut({ ...open, of: { stranger: 1 } }, 10_000 + now);
  expect(askSeats).toHaveBeenCalledTimes(1);
  expect(sent).toEqual([]);
  await desk.handOut({ ...open, of: { stranger: 1 } }, 71_000);
  expect(askSeats).toHaveBeenCalledTimes(2);
});

test("who comes late goes into the smallest group, after some seconds, and two do not go into the same one", () => {
  const desk = seats();
  where = { 0: ["ann", "ben", "old"], 1: ["cid"], 2: [] };
  const groups = { ...open, of: { cid: 1, old: 2 } };
  expect(desk.latecomers(groups, 1_000)).toEqual({});
  expect(desk.latecomers(groups, 4_500)).toEqual({ ann: 1, ben: 2 });
  where[0] = [];
  expect(desk.latecomers(groups, 5_000)).toEqual({});
  where[0] = ["ann"];
  expect(desk.latecomers(groups, 6_000)).toEqual({});
});
