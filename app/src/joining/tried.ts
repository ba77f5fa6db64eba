import { record } from "../evidence/queue";
import type { Trouble } from "../lib/trouble";

// A child who waits for an hour tries hundreds of times; one line a minute says as much.
const SAME_AGAIN_MS = 60_000;

/** Keep the proof that a child tried, with the layer that failed. `step`: a door's or live server's id. */
export class TriedNotes {
  readonly #noted = new Map<string, number>();

  constructor(
    readonly sub: string,
    readonly meeting: string,
  ) {}

  async note(trouble: Pick<Trouble, "layer" | "code">, step: string): Promise<void> {
    const key = `${trouble.layer}|${step}`;
    const before = this.#noted.get(key);
    if (before !== undefined && Date.now() - before < SAME_AGAIN_MS) return;
    this.#noted.set(key, Date.now());
    const detail = { layer: trouble.layer, step, code: trouble.code };
    await record({ kind: "tried", sub: this.sub, meeting: this.meeting, detail }, this.sub);
  }
}
