import { amend, record } from "../evidence/queue";
import { clock } from "../lib/clock";
import { noteFailure } from "../lib/last-failure";
import { isOffline } from "../lib/line";
import type { Trouble } from "../lib/trouble";

// A child who waits for an hour tries hundreds of times; one line a minute says as much.
const SAME_AGAIN_MS = 60_000;

/** Keep the proof that a child tried, with the layer that failed. `step`: a door's id, or `live:<node>`. */
export class TriedNotes {
  readonly #noted = new Map<string, number>();
  #blamedLine: Promise<{ id: string; step: string; code: string }>[] = [];

  constructor(
    readonly sub: string,
    readonly meeting: string,
  ) {}

  async note(trouble: Pick<Trouble, "layer" | "code">, step: string): Promise<void> {
    noteFailure(step.startsWith("live:") ? "live" : trouble.layer);
    const key = `${trouble.layer}|${step}`;
    const before = this.#noted.get(key);
    if (before !== undefined && clock.ticks() - before < SAME_AGAIN_MS) return;
    this.#noted.set(key, clock.ticks());
    const detail = { layer: trouble.layer, step, code: trouble.code };
    const kept = record({ kind: "tried", sub: this.sub, meeting: this.meeting, detail }, this.sub);
    if (trouble.layer === "line" && !isOffline())
      this.#blamedLine.push(kept.then(({ id }) => ({ id, step, code: trouble.code })));
    await kept;
  }

  /** Another door answered: what looked like a cut line was that one door. Corrected while nobody has it yet. */
  async lineIsGood(): Promise<void> {
    const blamed = this.#blamedLine;
    this.#blamedLine = [];
    for (const one of blamed) {
      const { id, step, code } = await one;
      await amend(id, { layer: "door", step, code });
    }
  }
}
