import { adultRole } from "../adults";
import type { Classroom } from "../classroom";
import type { Seen } from "./lookout";
import type { Places } from "./places";
import type { Groups } from "./rule";

const SPOKE_LATELY_MS = 6_000;

/** One group as its teacher sees it. */
export interface View {
  group: number;
  open: boolean;
  people: readonly Seen[];
  hands: readonly string[];
  speaking: readonly string[];
}

/** Who spoke a moment ago, as their own devices say: live servers tell of speakers only those who listen. */
export class Spoke {
  readonly #at = new Map<string, number>();

  hear(sub: string): void {
    this.#at.set(sub, performance.now());
  }

  lately(sub: string): boolean {
    return performance.now() - (this.#at.get(sub) ?? Number.NEGATIVE_INFINITY) < SPOKE_LATELY_MS;
  }
}

/** Every group as it is now: the one where this device is from its own place, the others from the lines into them. */
export const viewsOf = (groups: Groups, classroom: Classroom, places: Places, spoke: Spoke): View[] =>
  groups.names.map((_, index) => {
    const group = index + 1;
    return group === classroom.group.value ? viewHere(group, classroom) : viewThere(group, places, spoke);
  });

function viewHere(group: number, { tiles, hands }: Classroom): View {
  const people = tiles.value.filter((tile) => !tile.self);
  return {
    group,
    open: true,
    people: people.map(({ face, sub, role }) => ({ identity: face, sub, adult: adultRole({ role }) !== null, student: role === "student", watching: false })),
    hands: hands.value,
    speaking: people.filter((tile) => tile.speaking).map((tile) => tile.sub),
  };
}

function viewThere(group: number, places: Places, spoke: Spoke): View {
  const one = places.lookout(group);
  const people = one?.people.value ?? [];
  return {
    group,
    open: one?.state.value === "open",
    people,
    hands: one?.hands.up.value ?? [],
    speaking: people.map(({ sub }) => sub).filter((sub) => spoke.lately(sub)),
  };
}

/** Which student is in which group now, for the class list. */
export const whoIsWhere = (views: readonly View[]): Map<string, number> =>
  new Map(views.flatMap(({ group, people }) => people.filter((one) => one.student).map((one): [string, number] => [one.sub, group])));
