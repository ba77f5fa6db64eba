// A hiccup is no poor line, and one good moment no good one.
const POOR_FOR_MS = 6_000;
const GOOD_FOR_MS = 20_000;
// Above 5 % loss LiveKit's own quality falls too; sound that is made up is heard from about 3 % on. Our judgement.
const LOSS_POOR = 0.05;
const CONCEALED_POOR = 0.03;

export interface Look {
  nowMs: number;
  quality: "good" | "poor" | "unknown";
  /** Shares since the last look; 0 to 1. */
  loss: number;
  concealed: number;
  /** The live server holds pictures back, since they do not fit. */
  heldBack: boolean;
}

/** Whether this device's line is poor, with a memory, so that it does not change its mind at every look. */
export class PoorLine {
  #sinceMs: number | null = null;
  #poor = false;

  /** Take a look in; returns whether the line is poor. */
  see(look: Look): boolean {
    const now = look.quality === "poor" || look.loss > LOSS_POOR || look.concealed > CONCEALED_POOR || look.heldBack;
    if (now === this.#poor) {
      this.#sinceMs = null;
      return this.#poor;
    }
    this.#sinceMs ??= look.nowMs;
    if (look.nowMs - this.#sinceMs >= (now ? POOR_FOR_MS : GOOD_FOR_MS)) {
      this.#poor = now;
      this.#sinceMs = null;
    }
    return this.#poor;
  }
}
