import { isRecord } from "../../lib/request";

export const REACTION_TOPIC = "reaction";
export const KINDS = ["like", "clap", "laugh", "heart", "yes", "slower"] as const;
export type Kind = (typeof KINDS)[number];
export const SHOWN_MS = 5_000;
const EVERY_MS = 1_000;

export const readReaction = (value: unknown): Kind | null => (isRecord(value) ? (KINDS.find((kind) => kind === value.kind) ?? null) : null);

/** What floats over whose tile now, and how many of each there were. One a second from each person; what comes faster is nothing. */
export class Reactions {
  readonly totals = new Map<Kind, number>();
  readonly #last = new Map<string, number>();
  readonly #shown = new Map<string, { kind: Kind; untilMs: number }>();

  /** Says whether it counts. */
  take(sub: string, kind: Kind, nowMs: number): boolean {
    if (nowMs - (this.#last.get(sub) ?? -EVERY_MS) < EVERY_MS) return false;
    this.#last.set(sub, nowMs);
    this.#shown.set(sub, { kind, untilMs: nowMs + SHOWN_MS });
    this.totals.set(kind, (this.totals.get(kind) ?? 0) + 1);
    return true;
  }

  shown(nowMs: number): Map<string, Kind> {
    for (const [sub, { untilMs }] of this.#shown) if (untilMs <= nowMs) this.#shown.delete(sub);
    return new Map([...this.#shown].map(([sub, { kind }]) => [sub, kind]));
  }
}
