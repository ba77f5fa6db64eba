import type { Seat } from "../contracts";

const ANSWER_WITHIN_MS = 1_500;

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
