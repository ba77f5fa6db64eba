import type { Classroom } from "../classroom";

/** One look at who speaks takes in at most that much: a laptop that slept heard nobody. */
const LOOK_AT_MOST_MS = 5_000;

export interface Spoke {
  sub: string;
  seconds: number;
}

/** Adds up how long each person spoke: looked at about once a second, in whole seconds. */
export class Speaking {
  readonly #window = new Map<string, number>();
  readonly #total = new Map<string, number>();
  readonly #toldAt = new Map<string, number>();
  #lookedAt: number | undefined;

  /** Who speaks now; what lies since the last look counts for them. */
  look(subs: Iterable<string>, ticksMs: number): void {
    const since = this.#lookedAt === undefined ? 0 : Math.min(ticksMs - this.#lookedAt, LOOK_AT_MOST_MS);
    this.#lookedAt = ticksMs;
    for (const sub of new Set(subs)) this.#add(sub, since);
  }

  /** Her own device says how long she spoke since it said so last: no more than the time since then counts. */
  told(sub: string, ms: number, ticksMs: number): void {
    const since = ticksMs - (this.#toldAt.get(sub) ?? ticksMs - LOOK_AT_MOST_MS);
    this.#toldAt.set(sub, ticksMs);
    this.#add(sub, Math.min(ms, since, LOOK_AT_MOST_MS));
  }

  #add(sub: string, ms: number): void {
    this.#window.set(sub, (this.#window.get(sub) ?? 0) + ms);
    this.#total.set(sub, (this.#total.get(sub) ?? 0) + ms);
  }

  totalMs(sub: string): number {
    return this.#total.get(sub) ?? 0;
  }

  /** What was added up since the last call; less than a second waits for the next one. */
  take(): Spoke[] {
    const spoke: Spoke[] = [];
    for (const [sub, ms] of this.#window) {
      const seconds = Math.floor(ms / 1000);
      if (seconds === 0) continue;
      spoke.push({ sub, seconds });
      this.#window.set(sub, ms - seconds * 1000);
    }
    return spoke;
  }
}

const all = new WeakMap<Classroom, Speaking>();

/** Return what this device adds up of a class: heard in it, and told from its groups. */
export function speakingIn(classroom: Classroom): Speaking {
  const known = all.get(classroom) ?? new Speaking();
  all.set(classroom, known);
  return known;
}
