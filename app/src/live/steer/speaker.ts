/** A cough or a "yes" brings nobody large: she has to speak so long. Our judgement. */
export const SPEAKS_MS = 1_200;
/** Somebody who is large stays so for a while: pictures that jump tire. */
export const STAYS_MS = 4_000;
/** A breath between two sentences is no end. */
const BREATH_MS = 800;

/** Who is shown large in the speaker's view: who speaks for a while, until somebody else does. */
export class Speaker {
  #large = "";
  #since = 0;
  readonly #speaking = new Map<string, { from: number; last: number }>();

  /** `speaking`: persons who are heard now; `here`: everybody who may be large. Returns whose picture is large, "" at first. */
  see(speaking: readonly string[], here: readonly string[], nowMs: number): string {
    for (const one of speaking) {
      const held = this.#speaking.get(one);
      this.#speaking.set(one, { from: held?.from ?? nowMs, last: nowMs });
    }
    for (const [one, { last }] of this.#speaking) if (nowMs - last > BREATH_MS || !here.includes(one)) this.#speaking.delete(one);
    const ripe = [...this.#speaking].filter(([, { from, last }]) => last - from >= SPEAKS_MS).sort(([, a], [, b]) => a.from - b.from);
    const gone = this.#large !== "" && !here.includes(this.#large);
    const next = ripe.find(([one]) => one !== this.#large)?.[0];
    const stays = !gone && this.#large !== "" && (nowMs - this.#since < STAYS_MS || this.#speaking.has(this.#large));
    if (stays) return this.#large;
    if (next !== undefined) [this.#large, this.#since] = [next, nowMs];
    else if (gone) this.#large = "";
    return this.#large;
  }
}
