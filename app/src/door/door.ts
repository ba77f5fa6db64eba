import type { BadgeRequest, Door, DoorSession, JoinAnswer, JoinRequest, LetInCode, Receipt, RemoveRequest, Roll } from "../contracts";
import { clock } from "../lib/clock";
import { type Ask, has, isRecord, request } from "../lib/request";
import { Trouble } from "../lib/trouble";
import { retryBudget, throttle } from "./restraint";

/** A good door answers in milliseconds; after this the next one is asked. */
export const DOOR_TIMEOUT_MS = 3_000;

const day = (session: string): Record<string, string> => ({ Authorization: `Day ${session}` });
const isReceipt = has<Receipt>("kept", "confirmed");
export const isDoorSession = has<DoorSession>("session", "sub", "sections");

function isJoinAnswer(answer: unknown): answer is JoinAnswer {
  return isRecord(answer) && typeof answer.server_at === "number" && isRecord(answer.ticket) && "state" in answer.ticket;
}

export const nonce = (door: Door): Promise<{ nonce: string; server_at: number }> =>
  ask(door, "/nonce", { accepts: has<{ nonce: string; server_at: number }>("nonce", "server_at") });

export function join(door: Door, body: JoinRequest, session: string | null, signal?: AbortSignal): Promise<JoinAnswer> {
  const headers = session ? day(session) : {};
  return ask(door, "/join", { method: "POST", body, headers, signal, accepts: isJoinAnswer });
}

export const badge = (door: Door, body: BadgeRequest): Promise<DoorSession> =>
  ask(door, "/badge", { method: "POST", body, accepts: isDoorSession });

export const useLetIn = (door: Door, body: BadgeRequest): Promise<DoorSession> =>
  ask(door, "/let-in/use", { method: "POST", body, accepts: isDoorSession });

export const letIn = (door: Door, sub: string, section: string, session: string): Promise<LetInCode> =>
  ask(door, "/let-in", { method: "POST", body: { sub, section }, headers: day(session), accepts: has<LetInCode>("code") });

export const roll = (door: Door, meeting: string, session: string): Promise<Roll> =>
  ask(door, `/roll?meeting=${encodeURIComponent(meeting)}`, { headers: day(session), accepts: has<Roll>("entries") });

export const remove = (door: Door, body: RemoveRequest, session: string): Promise<Receipt> =>
  ask(door, "/remove", { method: "POST", body, headers: day(session), accepts: isReceipt });

export const evidence = (door: Door, body: unknown, session: string): Promise<Receipt> =>
  ask(door, "/evidence", { method: "POST", body, headers: day(session), accepts: isReceipt });

export const health = (door: Door): Promise<unknown> =>
  ask(door, "/health", { accepts: (answer): answer is unknown => isRecord(answer) && "door" in answer });

async function ask<T>(door: Door, path: string, how: Omit<Ask<T>, "timeoutMs">): Promise<T> {
  const sent = clock.ticks();
  const accepted = throttle.ask(door.id);
  let answer: T;
  try {
    answer = await request(door.url.replace(/\/$/, "") + path, { ...how, timeoutMs: DOOR_TIMEOUT_MS });
  } catch (error) {
    if (error instanceof Trouble && error.layer === "refused") accepted();
    throw error;
  }
  accepted();
  retryBudget.success();
  const serverAt = (answer as { server_at?: unknown }).server_at;
  if (typeof serverAt === "number") clock.heard(serverAt, sent);
  return answer;
}
