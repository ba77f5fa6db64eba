import type { BundlePerson, FamilyStatus, Register } from "../contracts";
import { has, isEmpty, request } from "../lib/request";
import { clock } from "../lib/clock";
import { codeOf } from "../lib/trouble";

const TIMEOUT_MS = 10_000;

export interface Me {
  person: BundlePerson | null;
  portal_name: string;
  /** Sections to which she comes today beside the roster. */
  comes_to?: string[];
}

export const me = (): Promise<Me> =>
  request("/api/me", { timeoutMs: TIMEOUT_MS, cookies: true, accepts: has<Me>("person", "portal_name") });

export const signOff = (): Promise<null> => post("/api/sign-off", {}, null, isEmpty);

export const saveLanguage = (language: string, session: string | null): Promise<null> =>
  post("/api/language", { language }, session, isEmpty);

export const register = (section: string, on: string): Promise<Register> =>
  request(`/api/register?${new URLSearchParams({ section, on })}`, {
    timeoutMs: TIMEOUT_MS,
    cookies: true,
    accepts: has<Register>("meetings"),
  });

export const family = (): Promise<FamilyStatus> =>
  request("/api/family", { timeoutMs: TIMEOUT_MS, cookies: true, accepts: has<FamilyStatus>("children") });

export const calendar = (): Promise<{ url: string }> =>
  request("/api/calendar", { timeoutMs: TIMEOUT_MS, cookies: true, accepts: has<{ url: string }>("url") });

/** The key that this browser's push service is told to take notices from. */
export const pushKey = async (): Promise<string> =>
  (await request("/api/push-key", { timeoutMs: TIMEOUT_MS, cookies: true, accepts: has<{ key: string }>("key") })).key;

export const subscribePush = (subscription: { endpoint: string; p256dh: string; auth: string }, session: string | null): Promise<null> =>
  post("/api/push", subscription, session, isEmpty);

export const endPush = (endpoint: string, session: string | null): Promise<null> =>
  post("/api/push", { endpoint }, session, isEmpty, TIMEOUT_MS, "DELETE");

/** Send to the office, by day session when there is one, else by the office's cookie. */
export async function post<T>(
  path: string,
  body: unknown,
  session: string | null,
  accepts: (answer: unknown) => answer is T,
  timeoutMs = TIMEOUT_MS,
  method: "POST" | "PUT" | "DELETE" = "POST",
): Promise<T> {
  const sent = clock.ticks();
  const ask = async (): Promise<T> => {
    const headers: Record<string, string> = session
      ? { Authorization: `Day ${session}` }
      : { "X-CSRFToken": await csrfToken() };
    return request(path, { method, body, headers, timeoutMs, cookies: true, accepts });
  };
  const answer = await ask().catch(async (error: unknown) => {
    if (codeOf(error) !== "csrf") throw error;
    await me(); // sets a new token
    return ask();
  });
  const serverAt = (answer as { server_at?: unknown } | null)?.server_at;
  if (typeof serverAt === "number") clock.heard(serverAt, sent);
  return answer;
}

/** The service worker has no document; browsers that wake it up have the cookie store. */
export async function csrfToken(): Promise<string> {
  if (typeof document === "undefined") return (await globalThis.cookieStore?.get("csrftoken"))?.value ?? "";
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}
