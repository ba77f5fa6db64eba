import type { Bundle } from "./contracts";
import { openSession } from "./evidence/open-session";
import { recorded, waiting } from "./evidence/queue";
import { sendWhenThereIsALine, wakeInTheEvening } from "./evidence/sync";
import { uploadToDoor, uploadToOffice } from "./evidence/upload";
import { nonceAhead } from "./door/nonce";
import { mayWait } from "./live/record/video/progress";
import { store } from "./keep/db";
import { read, write } from "./keep/kept";
import { hurry, sendNotes, waitingNotes } from "./live/record/outbox";
import { clock, nowSeconds } from "./lib/clock";
import { sleep, Wake } from "./lib/jitter";
import { isOffline } from "./lib/line";
import { codeOf } from "./lib/trouble";
import { renewBundle } from "./office/bundle";
import { eveningShare } from "./office/evening";
import { nearBell, RENEW_JITTER_MS, shouldRenew, SPARE_JITTER_MS, SPARE_QUIET_SECONDS, spareIsBehind } from "./office/renew-when";
import { packetsWhenCalm } from "./packets/when-calm";
import { sittings } from "./plan/day";
import { opensSecondsOf } from "./plan/opens";
import { refreshPlan } from "./plan/refresh";
import * as state from "./state";

// A detour must be on every card within 60 s of being published.
const PLAN_EVERY_MS = 30_000;
const EVIDENCE_EVERY_MS = 15_000;
// Batches, since every class of a district brings some: nobody reads them within seconds.
const NOTES_EVERY_MS = 30_000;
const NOTED_TOGETHER_MS = 1_500;
const TRY_OFFICE_EVERY = 2;
const RECORDINGS_EVERY_MS = 10_000;
const NONCE_AHEAD_SECONDS = 900;
// A line that swallows everything tells nobody so: after this long the screen says what it shows was saved earlier.
const SAY_SAVED_AFTER_MS = 2_500;
const OPEN_SESSION_EVERY_MS = 5 * 60_000;
const RECORDED_TOGETHER_MS = 200;
const CLOCK_NEWS_MS = 5_000;
// A page that is shown again looks at once, unless it has only just looked.
const SHOWN_AGAIN_MS = 5_000;
// A bundle that came with the old spare once more is not asked for again at each turn.
const SPARE_AGAIN_MS = 10 * 60_000;

const evidenceWake = new Wake();
const notesWake = new Wake();
let looks = 0;
let openedSessionAt = Number.NEGATIVE_INFINITY;
let lookedAt = Number.NEGATIVE_INFINITY;
let sparesAskedAt = Number.NEGATIVE_INFINITY;

/** Look for a newer plan now; the one held stays when none is found. */
export async function lookForPlan(): Promise<void> {
  const { value: trust } = state.trust;
  if (!trust) return;
  lookedAt = clock.ticks();
  const held = state.plan.value ?? undefined;
  const sayLater = setTimeout(() => state.reached.value ?? state.reached.set(false), SAY_SAVED_AFTER_MS);
  const found = await refreshPlan({
    trust, doors: state.doors(), held, schools: state.schoolsWanted(), at: nowSeconds(), nowMs: clock.now(), look: looks,
  });
  clearTimeout(sayLater);
  // As long as nothing was found each look asks every source.
  looks = found ? looks + 1 : 0;
  state.reached.set(found !== undefined);
  if (!found) return;
  // Two looks at once: the newer plan stays.
  if (found.index.version < (state.plan.value?.index.version ?? 0)) return;
  await write("plan", found);
  state.plan.set(found);
}

let renewing = false;

/** Ask the office for a new bundle once an evening, at this device's own moment, and never near a bell. */
export async function renewIfOld(): Promise<void> {
  if (renewing) return;
  renewing = true;
  try {
    await renewIfDue();
  } finally {
    renewing = false;
  }
}

async function renewIfDue(): Promise<void> {
  const bundle = state.bundle.value;
  const kept = await read("bundle");
  if (!bundle || !kept) return;
  const passUntil = bundle.pass?.valid_until ?? Number.POSITIVE_INFINITY;
  const nameless = bundle.person.name === ""; // made while the office was away
  const zone = state.plan.value?.schools[0]?.time_zone ?? "";
  const share = await eveningShare(zone, nowSeconds());
  const held = { savedAt: kept.savedAt / 1000, passUntil, share };
  const due = nameless || shouldRenew(held, state.sittingsToday(), zone, nowSeconds());
  const behind = !due && sparesToRenew();
  if (!due && !behind) return;
  await sleep(Math.random() * (behind ? SPARE_JITTER_MS : RENEW_JITTER_MS));
  if (behind && !sparesToRenew()) return; // a bell has come near
  if (behind) sparesAskedAt = clock.ticks();
  if (state.bundle.value?.person.id !== bundle.person.id) return;
  const renewed = await renewBundleHoweverWeCan();
  if (state.bundle.value?.person.id === renewed.person.id) state.bundle.set(renewed);
}

/** Somebody was taken out of a class to come: its spare ticket opens an empty place, and a new one is there for the asking. */
function sparesToRenew(): boolean {
  if (clock.ticks() - sparesAskedAt < SPARE_AGAIN_MS) return false;
  if (nearBell(state.sittingsToday(), nowSeconds(), { before: SPARE_QUIET_SECONDS, after: SPARE_QUIET_SECONDS })) return false;
  return spareIsBehind(state.bundle.value?.spares ?? [], state.plan.value?.schools ?? [], nowSeconds());
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
  if (!owner || (await waiting(owner)).length === 0) return;
  const cookie = state.cookiePerson.value === owner;
  const sender = { owner, session: state.daySession() ?? (await sessionForEvidence()), cookie, doors: state.doors() };
  await quietly(() => uploadToDoor(sender));
  if (office) {
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
  if ((await waiting(owner)).some((event) => !event.at_door)) await quietly(sendWhenThereIsALine);
}

/** Bring what a grown-up's device noted of its classes to the office. `all`: also what another device sends first. */
export async function sendClassNotes({ all = false } = {}): Promise<void> {
  const owner = state.bundle.value?.person.id;
  if (!owner || (await waitingNotes(owner)).length === 0) return;
  const cookie = state.cookiePerson.value === owner;
  const session = state.daySession() ?? (cookie ? null : await sessionForEvidence());
  if (session || cookie) await quietly(() => sendNotes({ owner, session, cookie }, { all }));
  if ((await waitingNotes(owner)).length > 0) await quietly(sendWhenThereIsALine);
}

/** The first contact of a day whose classes are not open: what waits since yesterday need not wait for the bell. */
async function sessionForEvidence(): Promise<string | null> {
  const bundle = state.bundle.value;
  if (!bundle?.pass || isOffline() || clock.ticks() - openedSessionAt < OPEN_SESSION_EVERY_MS) return null;
  openedSessionAt = clock.ticks();
  const plan = state.plan.value;
  const all = sittings(bundle.sections, plan?.schools ?? []);
  const opensSeconds = opensSecondsOf(plan);
  try {
    const text = await openSession(bundle, state.doors(), all, { at: nowSeconds(), opensSeconds });
    if (text && state.bundle.value === bundle) state.session.set({ text, sub: bundle.person.id, how: "pass" });
    return text;
  } catch {
    return null; // the office's cookie may do
  }
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
    void quietly(renewIfOld); // waits up to a minute: detours do not wait with it
    void quietly(packetsWhenCalm);
    await quietly(nonceBeforeBell);
    await quietly(tellServiceWorker);
    await quietly(keepForGood);
  });
  let turn = 0;
  void every(EVIDENCE_EVERY_MS, () => sendEvidence({ office: turn++ % TRY_OFFICE_EVERY === 0 }), evidenceWake);
  void every(RECORDINGS_EVERY_MS, recordingsThatWait);
  recorded.watch(() => void quietly(afterRecording));
  void every(NOTES_EVERY_MS, () => sendClassNotes(), notesWake);
  hurry.watch(() => void sleep(NOTED_TOGETHER_MS).then(() => notesWake.now()));
  store.forgetful.watch(() => store.forgetful.value && evidenceWake.now());
  addEventListener("online", () => void quietly(lookForPlan).then(() => sendEvidence()).then(() => sendClassNotes()));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && clock.ticks() - lookedAt > SHOWN_AGAIN_MS) void quietly(lookForPlan);
  });
  addEventListener("offline", () => state.reached.set(false));
}

/** What this browser will forget is sent at once; what it keeps goes with the next turn, or when there is a line again. */
async function afterRecording(): Promise<void> {
  if (!store.forgetful.value) return isOffline() ? sendWhenThereIsALine() : undefined;
  await sleep(RECORDED_TOGETHER_MS);
  evidenceWake.now();
}

/** A recording that this device could not bring to the office yet; in class its own part brings it. */
async function recordingsThatWait(): Promise<void> {
  if (!mayWait() || !state.bundle.value || state.inClass.value || isOffline()) return;
  await (await import("./live/record/video/upload")).uploadRecordings();
}

let askedToKeep = false;

/** Ask the browser, once somebody is signed on, not to throw this away when its disk is full, and to wake us in the evening. */
async function keepForGood(): Promise<void> {
  if (!state.bundle.value || askedToKeep) return;
  askedToKeep = true;
  if (!(await navigator.storage?.persisted?.())) await navigator.storage?.persist?.();
  await wakeInTheEvening();
}

let told: number | undefined;

/** The service worker has no localStorage: the clock's error goes where it can read it. */
async function tellServiceWorker(): Promise<void> {
  const ahead = clock.aheadMs();
  if (ahead === undefined || (told !== undefined && Math.abs(ahead - told) < CLOCK_NEWS_MS)) return;
  await write("clock_ahead_ms", Math.round(ahead));
  told = ahead;
}

async function every(ms: number, act: () => Promise<void>, wake = new Wake()): Promise<never> {
  for (;;) {
    await quietly(act);
    await wake.sleep(ms * (0.75 + Math.random() / 2));
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
