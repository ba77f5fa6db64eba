import { uploadToDoor, uploadToOffice } from "./evidence/upload";
import type { Bundle } from "./contracts";
import { nonceAhead } from "./door/nonce";
import { read, write } from "./keep/kept";
import { clock, nowSeconds } from "./lib/clock";
import { sleep } from "./lib/jitter";
import { codeOf } from "./lib/trouble";
import { renewBundle } from "./office/bundle";
import { RENEW_JITTER_MS, shouldRenew } from "./office/renew-when";
import { refreshPlan } from "./plan/refresh";
import * as state from "./state";

// A detour must be on every card within 60 s of being published.
const PLAN_EVERY_MS = 30_000;
const EVIDENCE_EVERY_MS = 15_000;
const TRY_OFFICE_EVERY = 2;
const NONCE_AHEAD_SECONDS = 900;

/** Look for a newer plan now; the one held stays when none is found. */
export async function lookForPlan(): Promise<void> {
  const { value: trust } = state.trust;
  if (!trust) return;
  const held = state.plan.value ?? undefined;
  const found = await refreshPlan({
    trust, held, schools: state.schoolsWanted(), at: nowSeconds(), nowMs: clock.now(),
  });
  state.reached.set(found !== undefined);
  if (!found) return;
  await write("plan", found);
  state.plan.set(found);
}

/** Ask the office for a new bundle when the one held is getting old, and never near a bell. */
export async function renewIfOld(): Promise<void> {
  const bundle = state.bundle.value;
  const kept = await read("bundle");
  if (!bundle || !kept) return;
  const today = state.sittingsToday();
  const until = bundle.pass?.valid_until ?? Number.POSITIVE_INFINITY;
  const nameless = bundle.person.name === ""; // made while the office was away
  if (!nameless && !shouldRenew(kept.savedAt / 1000, until, today, nowSeconds())) return;
  await sleep(until <= nowSeconds() ? 0 : Math.random() * RENEW_JITTER_MS);
  if (state.bundle.value?.person.id !== bundle.person.id) return;
  const renewed = await renewBundleHoweverWeCan();
  if (state.bundle.value?.person.id === renewed.person.id) state.bundle.set(renewed);
}

/** By day session where there is one, since the office's cookie ends after a school day; else by cookie. */
async function renewBundleHoweverWeCan(): Promise<Bundle> {
  const session = state.daySession();
  if (!session) return renewBundle(null);
  return renewBundle(session).catch((error: unknown) => {
    if (codeOf(error) !== "not_signed_on") throw error;
    return renewBundle(null);
  });
}

/** Bring waiting events to a door and, less often, to the office. */
export async function sendEvidence({ office = true, patient = true } = {}): Promise<void> {
  const owner = state.bundle.value?.person.id;
  if (!owner) return;
  const cookie = state.cookiePerson.value === owner;
  const sender = { owner, session: state.daySession(), cookie, doors: state.doors() };
  await quietly(() => uploadToDoor(sender));
  if (!office) return;
  await quietly(async () => {
    try {
      await uploadToOffice(sender, { patient });
    } catch (error) {
      // Yesterday's session: the cookie may still be good.
      if (!sender.session || !cookie || codeOf(error) !== "not_signed_on") throw error;
      await uploadToOffice({ ...sender, session: null }, { patient });
    }
  });
}

async function nonceBeforeBell(): Promise<void> {
  const first = state.doors()[0];
  if (!first || state.daySession()) return;
  const now = nowSeconds();
  const soon = state.sittingsToday().some((one) => one.startsAt - NONCE_AHEAD_SECONDS <= now && now < one.endsAt);
  if (soon) await nonceAhead.get(first);
}

/** Keep plan, bundle, nonce and evidence fresh for as long as the page is open. Each failure waits for the next turn. */
export function startBackground(): void {
  void every(PLAN_EVERY_MS, async () => {
    await lookForPlan();
    await quietly(renewIfOld);
    await quietly(nonceBeforeBell);
  });
  let turn = 0;
  void every(EVIDENCE_EVERY_MS, () => sendEvidence({ office: turn++ % TRY_OFFICE_EVERY === 0 }));
  addEventListener("online", () => void quietly(lookForPlan).then(() => sendEvidence()));
  addEventListener("offline", () => state.reached.set(false));
}

async function every(ms: number, act: () => Promise<void>): Promise<never> {
  for (;;) {
    await quietly(act);
    await sleep(ms * (0.75 + Math.random() / 2));
  }
}

/** What fails here is tried again at the next turn; the screens read `reached`. */
async function quietly(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch {
    return;
  }
}
