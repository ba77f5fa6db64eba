import type { Door } from "../contracts";
import { nonce } from "../door/door";
import { clock } from "../lib/clock";
import type { CheckResult } from "../keep/kept";

const TRIES = 5;
// Talk becomes hard to follow from about 300 ms there and back (ITU-T G.114: 150 ms one way).
const SLOW_MS = 300;

/** Return the median time a door takes to answer, of 5 tries, at the first door that answers at all. */
export async function measureLine(doors: readonly Door[]): Promise<{ line: CheckResult["line"]; ms: number }> {
  for (const door of doors) {
    try {
      const times: number[] = [];
      for (let i = 0; i < TRIES; i++) {
        const sent = clock.ticks();
        await nonce(door);
        times.push(clock.ticks() - sent);
      }
      const ms = Math.round(times.sort((one, other) => one - other)[Math.floor(TRIES / 2)] ?? 0);
      return { line: ms > SLOW_MS ? "slow" : "good", ms };
    } catch {
      continue;
    }
  }
  return { line: "bad", ms: 0 };
}
