const JUST_CAME_MS = 20_000;
const TELL_AFTER_MS = 2_000;

/** Who has come into the class only now, and when they are told what was before them. */
export class Newcomers {
  /** When this device came itself, by performance.now(). */
  cameMs = 0;
  readonly #othersCameMs = new Map<string, number>();
  #telling: ReturnType<typeof setTimeout> | undefined;

  came(identity: string): void {
    this.#othersCameMs.set(identity, performance.now());
  }

  /** Whether this device, or the one of this identity, has come only now. */
  has(identity: string): boolean {
    return performance.now() - Math.max(this.cameMs, this.#othersCameMs.get(identity) ?? 0) < JUST_CAME_MS;
  }

  /** Call `tell` once in a moment: of many who come at the bell, all are told together. */
  soon(tell: () => void): void {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(tell, TELL_AFTER_MS);
  }

  stop(): void {
    clearTimeout(this.#telling);
  }
}
