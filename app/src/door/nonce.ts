import type { Door } from "../contracts";
import { clock } from "../lib/clock";
import { nonce } from "./door";

// Doors take a nonce for 10 minutes (contracts/proofs.py); ours is fetched when Today opens and used at the bell.
const FRESH_MS = 8 * 60_000;

/** A door's nonce, fetched ahead: any door of the cell takes it. */
export class NonceAhead {
  #held: { text: string; ticks: number } | null = null;

  async get(door: Door): Promise<string> {
    const held = this.#held;
    if (held && clock.ticks() - held.ticks < FRESH_MS) return held.text;
    const ticks = clock.ticks();
    const answer = await nonce(door);
    this.#held = { text: answer.nonce, ticks };
    return answer.nonce;
  }

  forget(): void {
    this.#held = null;
  }
}

export const nonceAhead = new NonceAhead();
