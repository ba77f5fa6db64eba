import type { Door, FirstContact, JoinAnswer } from "../contracts";
import { join } from "../door/door";
import { nonceAhead } from "../door/nonce";
import { deviceKey, prove, publicHalf } from "../keep/device-key";
import { forget, write } from "../keep/kept";
import { codeOf, Trouble } from "../lib/trouble";
import * as state from "../state";

export interface Asked {
  meeting: string;
  section: string;
  event: string;
  /** When the person came in without a door, by this device's clock in ms. */
  device_at?: number;
}

/**
 * Ask one door for a ticket: by day session when one is held, else by pass and proof. A session or nonce that is over
 * is replaced once, at the same door.
 */
export async function askDoor(door: Door, asked: Asked, signal: AbortSignal): Promise<JoinAnswer> {
  const session = state.daySession();
  if (session) {
    try {
      return await join(door, body(asked), session, signal);
    } catch (error) {
      if (codeOf(error) !== "session_over") throw error;
      await dropSession(session);
    }
  }
  try {
    return await withPass(door, asked, signal);
  } catch (error) {
    if (codeOf(error) !== "nonce_old") throw error;
    nonceAhead.forget();
    return withPass(door, asked, signal);
  }
}

async function withPass(door: Door, asked: Asked, signal: AbortSignal): Promise<JoinAnswer> {
  const person = state.bundle.value;
  if (!person?.pass) throw new Trouble("session_over", "refused", false);
  const first = await firstContact(door, person.pass);
  const answer = await join(door, { ...body(asked), first }, null, signal);
  nonceAhead.forget(); // a nonce opens once
  if (answer.session) {
    const session = { text: answer.session, sub: person.person.id, how: "pass" } as const;
    await write("session", session);
    state.session.set(session);
  }
  return answer;
}

async function firstContact(door: Door, pass: { token: string; tag: string }): Promise<FirstContact> {
  const pair = await deviceKey();
  const nonce = await nonceAhead.get(door);
  return { token: pass.token, tag: pass.tag, nonce, key: await publicHalf(pair), proof: await prove(pair, nonce, pass.token) };
}

/** Another door, asked at the same time, may have given a new one already: that stays. */
async function dropSession(over: string): Promise<void> {
  if (state.session.value?.text !== over) return;
  await forget("session");
  state.session.set(null);
}

const body = (asked: Asked) => ({ ...asked, sent_at: Date.now() });
