import type { Door, FirstContact, JoinAnswer, PassWithTag } from "../contracts";
import { join } from "../door/door";
import { nonceAhead } from "../door/nonce";
import { deviceKey, prove, publicHalf } from "../keep/device-key";
import { write } from "../keep/kept";

export interface Asked {
  meeting: string;
  section: string;
  event: string;
  /** When the person came in without a door, by this device's clock in ms. */
  device_at?: number;
}

/** Show the pass and prove the device's key; keep the day session that the door hands out. `sub`: whose pass. */
export async function joinWithPass(
  door: Door,
  pass: PassWithTag,
  asked: Asked,
  { sub, signal }: { sub: string; signal?: AbortSignal },
): Promise<JoinAnswer> {
  const first = await firstContact(door, pass);
  const answer = await join(door, { ...asked, sent_at: Date.now(), first }, null, signal);
  nonceAhead.forget(); // a nonce opens once
  if (answer.session) await write("session", { text: answer.session, sub, how: "pass" });
  return answer;
}

async function firstContact(door: Door, pass: PassWithTag): Promise<FirstContact> {
  const pair = await deviceKey();
  const nonce = await nonceAhead.get(door);
  return { token: pass.token, tag: pass.tag, nonce, key: await publicHalf(pair), proof: await prove(pair, nonce, pass.token) };
}
