import type { Door, JoinAnswer } from "../contracts";
import { join } from "../door/door";
import { nonceAhead } from "../door/nonce";
import { forget } from "../keep/kept";
import { codeOf, Trouble } from "../lib/trouble";
import * as state from "../state";
import { type Asked, joinWithPass } from "./first-contact";

/**
 * Ask one door for a ticket: by day session when one is held, else by pass and proof. A session or nonce that is over
 * is replaced once, at the same door.
 */
export async function askDoor(door: Door, asked: Asked, signal: AbortSignal): Promise<JoinAnswer> {
  const session = state.daySession();
  if (session) {
    try {
      return await join(door, { ...asked, sent_at: Date.now() }, session, signal);
    } catch (error) {
      if (codeOf(error) !== "session_over" && !(codeOf(error) === "not_your_class" && comesForATime(asked.section))) throw error;
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

/** Sent for after this morning's first contact: her day session knows nothing of it, her new pass does. */
const comesForATime = (section: string): boolean =>
  state.bundle.value?.sections.some((one) => one.id === section && (one.until_at ?? 0) > 0) ?? false;

async function withPass(door: Door, asked: Asked, signal: AbortSignal): Promise<JoinAnswer> {
  const person = state.bundle.value;
  if (!person?.pass) throw new Trouble("session_over", "refused", false);
  const sub = person.person.id;
  const answer = await joinWithPass(door, person.pass, asked, { sub, signal });
  if (answer.session) state.session.set({ text: answer.session, sub, how: "pass" });
  return answer;
}

/** Another door, asked at the same time, may have given a new one already: that stays. */
async function dropSession(over: string): Promise<void> {
  if (state.session.value?.text !== over) return;
  await forget("session");
  state.session.set(null);
}
