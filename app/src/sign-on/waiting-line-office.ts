import type { Line } from "../contracts";
import { Cell } from "../lib/cell";
import { sleep } from "../lib/jitter";
import { has, isEmpty, request } from "../lib/request";
import { me, post } from "../office/office";
import { bundle } from "../state";
import { comeIn, type Waiting } from "./waiting-line";

const ASK_TIMEOUT_MS = 10_000;
// Hashing waits for a free slot, and the office for a free thread.
const SIGN_ON_TIMEOUT_MS = 30_000;

/** The wait that goes on in this tab, also while a badge is looked for. */
export const waiting = new Cell<Waiting | null>(null);
let stop = new AbortController();

const isLine = has<Line>("line", "place", "wait_seconds", "poll_after_seconds");
const isEmptyOrLine = (answer: unknown): answer is Line | null => isEmpty(answer) || isLine(answer);

/** Sign on with a password, however long the line is. The password stays in this function's memory. */
export async function signOnInLine(userName: string, password: string): Promise<void> {
  stop.abort();
  const mine = (stop = new AbortController());
  const signOn = (line: string): Promise<Line | null> => {
    const body = line ? { user_name: userName, password, line } : { user_name: userName, password };
    return post("/api/sign-on", body, null, isEmptyOrLine, SIGN_ON_TIMEOUT_MS);
  };
  // No cookie goes with it: the ticket is all the office looks at.
  const ask = (line: string): Promise<Line> =>
    request("/api/sign-on/line", { method: "POST", body: { line }, timeoutMs: ASK_TIMEOUT_MS, accepts: isLine });
  // Who got in by badge or code meanwhile waits no more.
  const unwatch = bundle.watch(() => bundle.value && mine.abort());
  try {
    if (!document.cookie.includes("csrftoken=")) await me();
    await comeIn(userName, {
      signOn,
      ask,
      sleep,
      onWait: (now) => waiting.set(now),
      ticks: () => performance.now(),
      signal: mine.signal,
    });
  } finally {
    unwatch();
    if (stop === mine) waiting.set(null);
  }
}

/** Leave the line for now; the place is kept. */
export function stopWaiting(): void {
  stop.abort();
  waiting.set(null);
}
