import { sleep } from "../lib/jitter";
import { isOffline } from "../lib/line";
import { nowSeconds } from "../lib/clock";
import { nearBell } from "../office/renew-when";
import { ofDay, type Sitting, sittings } from "../plan/day";
import { sourcesOf } from "../plan/refresh";
import * as state from "../state";
import { onThisDevice } from "./here";
import { keepPackets } from "./keep-packets";
import { packetName } from "./names";

// A new lesson is published to thousands of devices in one minute: each takes it at its own moment.
const SOMETIME_SECONDS = 10 * 60;
// Today's class meets by it: now, but not all in the same second.
const SOON_MS = 5_000;

let busy = false;
let known: string | null = null;
let dueAt = 0;

/**
 * Bring the packets of this person's own sections, for the plan's days, when nobody needs the line for anything else.
 * Called at every turn of the background; what lies here already is known at the first one, also without a line.
 */
export async function packetsWhenCalm(): Promise<void> {
  const held = state.plan.value;
  const { value: trust } = state.trust;
  if (busy || !held || !trust) return;
  const own = sittings(state.bundle.value?.sections ?? [], held.schools).filter((one) => one.endsAt > nowSeconds());
  const urls = packetsOf(own);
  const missing = (): boolean => urls.some((url) => !onThisDevice.value.has(url));
  const onKept = (here: ReadonlySet<string>): void => onThisDevice.set(here);
  busy = true;
  try {
    if (known !== urls.join()) {
      if (known !== null || urls.length > 0) await keepPackets({ urls, sources: [], may: () => false, onKept });
      known = urls.join();
      dueAt = nowSeconds() + Math.random() * SOMETIME_SECONDS;
    }
    if (!missing()) return;
    const urgent = ofDay(own, nowSeconds()).some(
      (one) => one.pathway === "packet" && one.alternates.some(({ url }) => packetName(url) && !onThisDevice.value.has(url)),
    );
    const may = (): boolean => !isOffline() && state.reached.value === true && (urgent || calm());
    if (!may() || (!urgent && nowSeconds() < dueAt)) return;
    if (urgent) await sleep(Math.random() * SOON_MS);
    await keepPackets({ urls, sources: sourcesOf(trust, state.doors()), may, onKept });
  } finally {
    busy = false;
  }
}

const calm = (): boolean => goodLine() && !state.inClass.value && !nearBell(state.sittingsToday(), nowSeconds());

/** Addresses of the packets of these sittings, each once, the next class first. */
export function packetsOf(own: readonly Sitting[]): string[] {
  return [...new Set(own.flatMap((one) => one.alternates.map(({ url }) => url).filter((url) => packetName(url))))];
}

interface Connection {
  saveData?: boolean;
  effectiveType?: string;
}

/** Where the browser says so, a line that is metered or slow is left alone. */
function goodLine(): boolean {
  const { connection } = globalThis.navigator as Navigator & { connection?: Connection };
  return !connection?.saveData && !/2g/.test(connection?.effectiveType ?? "");
}
