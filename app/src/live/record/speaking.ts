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
  #lookedAt: number | undefined;

  /** Who speaks now; what lies since the last look counts for them. */
  look(subs: Iterable<string>, ticksMs: number): void {
    const since = this.#lookedAt === undefined ? 0 : Math.min(ticksMs - this.#lookedAt, LOOK_AT_MOST_MS);
    this.#lookedAt = ticksMs;
    for (const sub of new Set(subs)) {
      this.#window.set(sub, (this.#window.get(sub) ?? 0) + since);
      this.#total.set(sub, (this.#total.get(sub) ?? 0) + since);
    }
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
