import { Cell } from "../lib/cell";

// Who moves to another server with a raised hand is away for seconds.
const REMEMBER_MS = 60_000;

/** Raised hands, first raised first; the order outlives a move to another server. */
export class Hands {
  /** Persons with a raised hand, first raised first. */
  readonly up = new Cell<string[]>([]);
  readonly #raisedAt = new Map<string, number>();
  readonly #gone = new Map<string, { raisedAt: number; atMs: number }>();

  /**
   * A hand is up. `saidAt`: since when, as its owner says, in ms. It is believed only of one who has just come here,
   * or by one who has just come (`justCame`); else a hand could be raised into the past. Says whether it was down before.
   */
  raise(sub: string, how: { saidAt: number; nowMs: number; justCame: boolean }): boolean {
    if (this.#raisedAt.has(sub)) return false;
    const gone = this.#gone.get(sub);
    this.#gone.delete(sub);
    const known = gone && how.nowMs - gone.atMs < REMEMBER_MS ? gone.raisedAt : null;
    this.#raisedAt.set(sub, known ?? (how.justCame ? Math.min(how.saidAt, how.nowMs) : how.nowMs));
    this.#show();
    return true;
  }

  lower(sub: string): void {
    this.#gone.delete(sub);
    if (this.#raisedAt.delete(sub)) this.#show();
  }

  left(sub: string, nowMs: number): void {
    const raisedAt = this.#raisedAt.get(sub);
    if (raisedAt === undefined) return;
    this.#raisedAt.delete(sub);
    this.#gone.set(sub, { raisedAt, atMs: nowMs });
    this.#show();
  }

  raisedAt(sub: string): number | undefined {
    return this.#raisedAt.get(sub);
  }

  #show(): void {
    const order = [...this.#raisedAt].sort(([a, one], [b, other]) => one - other || (a < b ? -1 : 1));
    this.up.set(order.map(([sub]) => sub));
  }
}
