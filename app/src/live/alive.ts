import type { Seat } from "../contracts";
import { sleep } from "../lib/jitter";

const ANSWER_WITHIN_MS = 1_500;
const ASK_AGAIN_MS = 700;

/** Ask a live server whether it is up: its own page says OK. One that is frozen accepts the line and never answers. */
export async function isAlive(seat: Seat): Promise<boolean> {
  try {
    const url = `${seat.url.replace(/^ws/, "http").replace(/\/$/, "")}/`;
    const answer = await fetch(url, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    return answer.ok;
  } catch {
    return false;
  }
}

/**
 * Ask again and again, for as long as it is `doubted`, until this server is down and another one is up; says whether it
 * came to that. While it is up, or none can be reached (the line of this device), LiveKit's own tries go on.
 */
export async function isReplaceable(seat: Seat, how: { others: () => Seat[]; doubted: () => boolean }): Promise<boolean> {
  while (how.doubted()) {
    const others = how.others();
    if (!(await isAlive(seat)) && how.doubted() && (await Promise.all(others.map(isAlive))).includes(true)) return how.doubted();
    await sleep(ASK_AGAIN_MS);
  }
  return false;
}
