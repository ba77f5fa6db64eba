import type { Bundle, Door, DoorSession } from "../contracts";
import * as door from "../door/door";
import { firstGood } from "../door/first-good";
import { nonceAhead } from "../door/nonce";
import { deviceKey, prove, publicHalf } from "../keep/device-key";
import { type Trust, write } from "../keep/kept";
import { clock } from "../lib/clock";
import { codeOf } from "../lib/trouble";
import { renewBundle } from "../office/bundle";
import { signOff } from "../office/office";
import * as state from "../state";
import { show } from "./enter";
import { doorsNearby, trustNearby } from "./doors-nearby";

export type CodeKind = "badge" | "let_in";

/** Sign on with a badge or a teacher's code, at a door alone. Throws `Trouble` with the door's code. */
export async function signOnByCode(kind: CodeKind, text: string, pictures: string[]): Promise<void> {
  const pair = await deviceKey();
  const key = await publicHalf(pair);
  const doors = await doorsNearby();
  const answer = await firstGood(doors, (one) => withFreshNonce(one, async (nonce) => {
    const request = { badge: text, key, nonce, proof: await prove(pair, nonce, text), pictures };
    return kind === "badge" ? door.badge(one, request) : door.useLetIn(one, request);
  }));
  nonceAhead.forget(); // a nonce opens once
  // Whoever signed on at the office from this device before is signed off: the badge's holder sits here now.
  await signOff().catch(() => null);
  state.cookiePerson.set(null);
  const session = { text: answer.session, sub: answer.sub, how: "badge", until: answer.expires_at } as const;
  await write("session", session);
  state.session.set(session);
  await show(await renewBundle(answer.session).catch(async () => bundleWithoutOffice(answer, doors, await trustNearby())));
}

async function withFreshNonce<T>(one: Door, ask: (nonce: string) => Promise<T>): Promise<T> {
  try {
    return await ask(await nonceAhead.get(one));
  } catch (error) {
    if (codeOf(error) !== "nonce_old") throw error;
    nonceAhead.forget();
    return ask(await nonceAhead.get(one));
  }
}

/** While the office is away a badge still opens today's classes: no names, but the plan and the Join button. */
function bundleWithoutOffice(answer: DoorSession, doors: Door[], trust: Trust): Bundle {
  const sections = answer.sections.map((id) => ({ id, title: "", school: answer.org, role: "student" as const, members: [] }));
  return {
    v: 1,
    district: trust.district,
    portal_name: state.portalName.value,
    person: { id: answer.sub, kind: "student", name: "", language: "en", grade: "", staff_pages: false },
    root_public: trust.root_public,
    pass: null,
    schools: [answer.org],
    sections,
    children: [],
    plan_hosts: trust.plan_hosts,
    doors,
    server_at: clock.now(),
  };
}
