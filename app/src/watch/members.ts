import type { Member } from "../contracts";
import { has, request } from "../lib/request";
import { bundle, daySession } from "../state";

const TIMEOUT_MS = 5_000;

/**
 * Return who is in a section that this person's bundle does not hold: a grown-up on duty asks the office. Null for her
 * own sections, and when the office does not answer: then students have numbers.
 */
export async function membersOf(section: string): Promise<Member[] | null> {
  if (bundle.value?.sections.some((one) => one.id === section)) return null;
  const session = daySession();
  const url = `/api/members?${new URLSearchParams({ section })}`;
  const ask = (headers: Record<string, string>) =>
    request(url, { headers, timeoutMs: TIMEOUT_MS, cookies: true, accepts: has<{ members: Member[] }>("members") });
  try {
    const answer = await ask(session ? { Authorization: `Day ${session}` } : {});
    return answer.members;
  } catch {
    return null;
  }
}
