import { Cell } from "../../lib/cell";

// A screen reader speaks over the teacher: seldom, and all of it at once.
const EVERY_MS = 4_000;
const AT_MOST = 3;

export type Told = "all" | "own" | "none";

/** Short words for a screen reader, merged and seldom. `own`: what concerns this person herself comes at every choice but none. */
export class Announcer {
  readonly words = new Cell("");
  readonly #waiting = new Map<string, { words: () => string; own: boolean }>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #saidAtMs = Number.NEGATIVE_INFINITY;

  constructor(readonly told: () => Told) {}

  /** Say it soon. Of one `kind` only the newest is said: a number that changes is read once. */
  say(kind: string, words: () => string, own = false): void {
    if (this.told() === "none" || (this.told() === "own" && !own)) return;
    this.#waiting.delete(kind);
    this.#waiting.set(kind, { words, own });
    this.#timer ??= setTimeout(() => this.#speak(), Math.max(300, this.#saidAtMs + EVERY_MS - performance.now()));
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #speak(): void {
    this.#timer = undefined;
    this.#saidAtMs = performance.now();
    const own = [...this.#waiting].filter(([, one]) => one.own);
    const others = [...this.#waiting].filter(([, one]) => !one.own);
    const said = [...own, ...others].slice(0, AT_MOST);
    for (const [kind] of said) this.#waiting.delete(kind);
    this.words.set(said.map(([, one]) => one.words()).join(" "));
    if (this.#waiting.size > 0) this.#timer = setTimeout(() => this.#speak(), EVERY_MS);
  }
}
