import type { Door, Receipt, Watch } from "../contracts";
import { DOOR_TIMEOUT_MS } from "../door/door";
import { clock } from "../lib/clock";
import { has, isRecord, request } from "../lib/request";

const isWatch = (answer: unknown): answer is Watch =>
  isRecord(answer) && typeof answer.server_at === "number" && Array.isArray(answer.alone);

/** Classes without a grown-up, as far as this door knows and this person may look in. */
export async function watch(door: Door, session: string): Promise<Watch> {
  const sent = clock.ticks();
  const answer = await request(`${base(door)}/watch`, { headers: day(session), timeoutMs: DOOR_TIMEOUT_MS, accepts: isWatch });
  clock.heard(answer.server_at, sent);
  return answer;
}

export interface AdultCall {
  meeting: string;
  section: string;
  event: string;
}

/** Ask for a grown-up. With the same `event`, however often, it is one call. */
export const call = (door: Door, asked: AdultCall, session: string): Promise<Receipt> =>
  request(`${base(door)}/call`, {
    method: "POST",
    body: { ...asked, sent_at: Date.now() },
    headers: day(session),
    timeoutMs: DOOR_TIMEOUT_MS,
    accepts: has<Receipt>("kept"),
  });

const base = (door: Door): string => door.url.replace(/\/$/, "");
const day = (session: string): Record<string, string> => ({ Authorization: `Day ${session}` });
