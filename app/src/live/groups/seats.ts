import type { Sitting } from "../../plan/day";
import type { Classroom } from "../classroom";
import { smallest } from "./deal";
import { askSeats } from "./door";
import type { Places } from "./places";
import { type Groups, placeOfPerson } from "./rule";
import { SEAT_TOPIC } from "./topics";

const HAND_OUT_EVERY_MS = 3_000;
const LATECOMER_AFTER_MS = 3_000;
// Nobody of this class, says a door: a plan that comes may know her.
const REFUSED_FOR_MS = 60_000;

/** The seats in groups that the leading grown-up's device hands to students, each to her own device. */
export class Seats {
  readonly #tokens = new Map<string, string>();
  readonly #handedMs = new Map<string, number>();
  readonly #refusedMs = new Map<string, number>();
  readonly #withoutGroupSince = new Map<string, number>();

  constructor(
    readonly classroom: Classroom,
    readonly sitting: Sitting,
    readonly places: Places,
    readonly signal: AbortSignal,
  ) {}

  /** A device asks for its seat: it is told at the next turn, whatever it was told a moment ago. */
  asked(identity: string): void {
    this.#handedMs.delete(identity);
  }

  /** Return who has been in the class without a group for some seconds, each with the smallest one. */
  latecomers(groups: Groups, now: number): Record<string, number> {
    const here = new Set(this.places.studentsIn(0).map((one) => one.sub));
    for (const sub of this.#withoutGroupSince.keys()) if (!here.has(sub)) this.#withoutGroupSince.delete(sub);
    const placed: Record<string, number> = {};
    for (const sub of here) {
      if (groups.of[sub] !== undefined) continue;
      if (!this.#withoutGroupSince.has(sub)) this.#withoutGroupSince.set(sub, now);
      if (now - (this.#withoutGroupSince.get(sub) ?? now) < LATECOMER_AFTER_MS) continue;
      placed[sub] = smallest(groups.names.length, { ...groups.of, ...placed });
    }
    return placed;
  }

  /** Give a seat to everybody who belongs into another group than the place where she is. Rejects when no door answers. */
  async handOut(groups: Groups, now: number): Promise<void> {
    const { places } = this;
    const since = (times: Map<string, number>, identity: string): number => now - (times.get(identity) ?? Number.NEGATIVE_INFINITY);
    const going = [this.classroom.group.value, ...places.groups].flatMap((place) =>
      places.studentsIn(place).flatMap(({ identity, sub }) => {
        const group = placeOfPerson(groups, sub);
        const waits = since(this.#handedMs, identity) < HAND_OUT_EVERY_MS || since(this.#refusedMs, identity) < REFUSED_FOR_MS;
        return group > 0 && group !== place && !waits ? [{ identity, group, place }] : [];
      }),
    );
    await this.#get(going.filter(({ identity, group }) => !places.fresh(this.#tokens.get(`${identity} ${group}`))), now);
    await Promise.allSettled(
      going.map(({ identity, group, place }) => {
        this.#handedMs.set(identity, now);
        const token = this.#tokens.get(`${identity} ${group}`);
        return token && places.wireOf(place)?.send(SEAT_TOPIC, { group, token }, [identity]);
      }),
    );
  }

  forget(): void {
    this.#tokens.clear();
    this.#refusedMs.clear();
  }

  async #get(wanted: readonly { identity: string; group: number }[], now: number): Promise<void> {
    if (wanted.length === 0) return;
    const given = await askSeats(this.sitting, { seats: Object.fromEntries(wanted.map((one) => [one.identity, one.group])) }, this.signal);
    for (const { identity, group } of wanted) {
      const token = given.seats[identity];
      if (token) this.#tokens.set(`${identity} ${group}`, token);
      else this.#refusedMs.set(identity, now);
    }
  }
}
