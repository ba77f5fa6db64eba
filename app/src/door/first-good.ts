import type { Door } from "../contracts";
import { Trouble } from "../lib/trouble";

/** Ask the doors in order until one answers; an answer of ours that says no is final. */
export async function firstGood<T>(doors: readonly Door[], ask: (door: Door) => Promise<T>): Promise<T> {
  let last = new Trouble("no_door", "server", true);
  for (const door of doors) {
    try {
      return await ask(door);
    } catch (error) {
      if (!(error instanceof Trouble) || error.layer === "refused") throw error;
      last = error;
    }
  }
  throw last;
}
