import type { Adult } from "./adults";

// "A class has started" begins a minute early: who is in the wrong half at the bell was looked for before it.
export const LOOK_BEFORE_BELL_SECONDS = 60;
const FIRST_LOOK_MS = { atLeast: 1_000, spread: 3_000 };
const LOOK_AGAIN_MS = { atLeast: 5_000, spread: 10_000 };
const LOOK_RARELY_MS = { atLeast: 45_000, spread: 30_000 };
const JUST_CONNECTED_MS = 60_000;

/** How eagerly a device looks into the class's other place. */
export type Eagerness = "never" | "rarely" | "often";

export interface Situation {
  /** Seconds by the servers' clock. */
  now: number;
  startsAt: number;
  /** This device lost its place at least once: it may be in the wrong half, whatever the bell says. */
  placeLost: boolean;
  /** This device is a grown-up's. */
  leads: boolean;
  adultHere: boolean;
  connectedForMs: number;
}

/** Nobody looks before the class starts; a child only while no grown-up is with her; a grown-up seldom, but always. */
export function eagerness(now: Situation): Eagerness {
  if (now.now < now.startsAt - LOOK_BEFORE_BELL_SECONDS && !now.placeLost) return "never";
  if (now.leads) return now.connectedForMs < JUST_CONNECTED_MS ? "often" : "rarely";
  return now.adultHere ? "never" : "often";
}

/** When the next look is due. Every wait is random: a class that lost its server does not come in step. */
export class LookTimer {
  #eager: Eagerness = "never";
  #dueMs = Number.POSITIVE_INFINITY;

  constructor(readonly random: () => number = Math.random) {}

  /** Say whether it is time to look now. */
  due(eager: Eagerness, nowMs: number): boolean {
    if (eager !== this.#eager) {
      const rarer = this.#eager === "often" && eager === "rarely";
      this.#eager = eager;
      if (eager === "never") this.#dueMs = Number.POSITIVE_INFINITY;
      else if (!rarer) this.#dueMs = nowMs + this.#wait(FIRST_LOOK_MS);
    }
    if (nowMs < this.#dueMs) return false;
    this.#dueMs = nowMs + this.#wait(eager === "rarely" ? LOOK_RARELY_MS : LOOK_AGAIN_MS);
    return true;
  }

  /** After a new connection the first look is soon again. */
  restart(): void {
    this.#eager = "never";
  }

  #wait(how: { atLeast: number; spread: number }): number {
    return how.atLeast + how.spread * this.random();
  }
}

/** What a look into another place found. */
export interface Found<Place> {
  place: Place;
  adults: readonly Adult[];
}

/**
 * Return where to move and whom to follow, or null to stay. A child goes where the highest grown-up is, unless one is
 * here; a grown-up (`self`) goes only to one who leads her and everybody here.
 */
export function whereToMove<Place>(how: {
  self: Adult | null;
  here: readonly Adult[];
  found: readonly Found<Place>[];
  order: (one: Adult, other: Adult) => number;
}): { place: Place; adult: Adult } | null {
  if (!how.self && how.here.length > 0) return null;
  const best = how.found
    .flatMap(({ place, adults }) => adults.map((adult) => ({ place, adult })))
    .filter(({ adult }) => adult.identity !== how.self?.identity)
    .sort((one, other) => how.order(one.adult, other.adult))[0];
  if (!best) return null;
  const staying = how.self ? [how.self, ...how.here] : [];
  return staying.every((adult) => how.order(best.adult, adult) < 0) ? best : null;
}
