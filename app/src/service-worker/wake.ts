import type { Bundle, Door } from "../contracts";
import { openSession } from "../evidence/open-session";
import { waiting } from "../evidence/queue";
import { type Sender, uploadToDoor, uploadToOffice } from "../evidence/upload";
import { type HeldPlan, read, write } from "../keep/kept";
import { sendNotes, waitingNotes } from "../live/record/outbox";
import { clock, nowSeconds } from "../lib/clock";
import { renewBundle } from "../office/bundle";
import { eveningShare } from "../office/evening";
import { me } from "../office/office";
import { shouldRenew } from "../office/renew-when";
import { ofDay, sittings } from "../plan/day";
import { opensSecondsOf } from "../plan/opens";
import { refreshPlan } from "../plan/refresh";
import { schoolsOf } from "../plan/schools";

/** Bring what waits to a door and to the office, with no page open. Throws when something is still with this device only. */
export async function sendWaiting(): Promise<void> {
  const held = await kept();
  if (!held) return;
  const owner = held.bundle.person.id;
  if ((await waiting(owner)).length + (await waitingNotes(owner)).length === 0) return;
  const sender = await senderOf(held);
  await quietly(() => uploadToDoor(sender));
  await quietly(() => uploadToOffice(sender, { patient: true }));
  if (sender.session && sender.cookie) await quietly(() => uploadToOffice({ ...sender, session: null }, { patient: true }));
  if (sender.session || sender.cookie) await quietly(() => sendNotes(sender, { all: true }));
  const left = (await waiting(owner)).filter((event) => !event.at_door).length + (await waitingNotes(owner)).length;
  if (left > 0) throw new Error(`${left} events wait for a line`);
}

/** Renew the bundle at this device's moment of the evening, and look for a newer plan, with no page open. */
export async function renewInTheEvening(): Promise<void> {
  const held = await kept();
  if (!held) return;
  const { bundle, plan } = held;
  const at = nowSeconds();
  const zone = plan?.schools[0]?.time_zone ?? "";
  const today = ofDay(sittings(bundle.sections, plan?.schools ?? []), at);
  const passUntil = bundle.pass?.valid_until ?? Number.POSITIVE_INFINITY;
  const share = await eveningShare(zone, at);
  if (!shouldRenew({ savedAt: held.savedAt / 1000, passUntil, share }, today, zone, at)) return;
  const { session, cookie } = await senderOf(held);
  const renewed = session
    ? await renewBundle(session).catch((error: unknown) => (cookie ? renewBundle(null) : Promise.reject(error)))
    : cookie
      ? await renewBundle(null)
      : bundle;
  await newerPlan(renewed, plan);
}

/** Look for a newer plan with no page open: the card is right when the app is opened next. */
export async function lookWithoutPage(): Promise<void> {
  const held = await kept();
  if (held) await newerPlan(held.bundle, held.plan);
}

async function newerPlan(bundle: Bundle, held: HeldPlan | undefined): Promise<void> {
  const trust = await read("trust");
  if (!trust) return;
  const found = await refreshPlan({
    trust, doors: bundle.doors, held, schools: schoolsOf(bundle), at: nowSeconds(), nowMs: clock.now(), look: 0,
  });
  // A page that is open may have found a newer one in the meantime.
  const now = await read("plan");
  if (found && found.index.version >= (now?.index.version ?? 0)) await write("plan", found);
}

interface KeptHere {
  bundle: Bundle;
  savedAt: number;
  plan: HeldPlan | undefined;
}

async function kept(): Promise<KeptHere | null> {
  const [bundle, plan, ahead] = await Promise.all([read("bundle"), read("plan"), read("clock_ahead_ms")]);
  if (ahead !== undefined) clock.presume(ahead);
  return bundle ? { bundle: bundle.value, savedAt: bundle.savedAt, plan } : null;
}

async function senderOf({ bundle, plan }: KeptHere): Promise<Sender> {
  const owner = bundle.person.id;
  const doors: Door[] = [...new Map([...bundle.doors, ...(plan?.index.doors ?? [])].map((door) => [door.id, door])).values()];
  const held = await read("session");
  // Under another's cookie the office would refuse the events for good.
  const cookie = await me().then(({ person }) => person?.id === owner, () => false);
  let session = held?.sub === owner ? held.text : null;
  if (!session) {
    const all = sittings(bundle.sections, plan?.schools ?? []);
    session = await openSession(bundle, doors, all, { at: nowSeconds(), opensSeconds: opensSecondsOf(plan) }).catch(() => null);
  }
  return { owner, session, cookie, doors };
}

/** What fails here is seen by what is left waiting. */
async function quietly(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch {
    return;
  }
}
