import type { Door } from "../contracts";
import { DOOR_TIMEOUT_MS } from "../door/door";
import { firstGood } from "../door/first-good";
import { nonceAhead } from "../door/nonce";
import { deviceKey, prove, publicHalf } from "../keep/device-key";
import { write } from "../keep/kept";
import { clock } from "../lib/clock";
import { has, isRecord, request } from "../lib/request";
import { codeOf, Trouble } from "../lib/trouble";
import * as state from "../state";
import type { Bell, ProbeReport } from "./contracts";

const base = (url: string): string => url.replace(/\/$/, "");
const isBell = (answer: unknown): answer is Bell =>
  isRecord(answer) && typeof answer.server_at === "number" && Array.isArray(answer.groups) && Array.isArray(answer.arrivals);
const isReport = (answer: unknown): answer is ProbeReport =>
  isRecord(answer) && typeof answer.made_at === "number" && Array.isArray(answer.probes);

/** What one door knows of the bell. */
export async function askBell(door: Door, session: string): Promise<Bell> {
  const sent = clock.ticks();
  const headers = { Authorization: `Day ${session}` };
  const answer = await request(`${base(door.url)}/bell`, { headers, timeoutMs: DOOR_TIMEOUT_MS, accepts: isBell });
  clock.heard(answer.server_at, sent);
  return answer;
}

/** The probes' report as a plan host has it. */
export const askProbes = (host: string): Promise<ProbeReport> =>
  request(`${base(host)}/status/probes.json`, { timeoutMs: DOOR_TIMEOUT_MS, accepts: isReport });

/** Return a day session: the one held, else one that a door opens for the pass without a class. */
export async function deskSession(): Promise<string> {
  const held = state.daySession();
  if (held) return held;
  const person = state.bundle.value;
  const pass = person?.pass;
  if (!person || !pass) throw new Trouble("no_pass", "refused", false);
  const answer = await firstGood(state.doors(), async (door) => {
    const pair = await deviceKey();
    const nonce = await nonceAhead.get(door);
    const proof = await prove(pair, nonce, pass.token);
    const first = { token: pass.token, tag: pass.tag, nonce, key: await publicHalf(pair), proof };
    nonceAhead.forget(); // a nonce opens once
    const accepts = has<{ session: string; server_at: number }>("session", "server_at");
    return request(`${base(door.url)}/session`, { method: "POST", body: { first }, timeoutMs: DOOR_TIMEOUT_MS, accepts });
  });
  const made = { text: answer.session, sub: person.person.id, how: "pass" as const };
  await write("session", made);
  state.session.set(made);
  return answer.session;
}

/** Say whether a door refused the session itself, so that a new one may help. */
export const isOver = (error: unknown): boolean => codeOf(error) === "session_over";
