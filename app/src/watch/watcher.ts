import { ensureSession } from "../class-list/ensure-session";
import type { AloneMeeting, Watch } from "../contracts";
import { Cell } from "../lib/cell";
import { clock, nowSeconds } from "../lib/clock";
import { sleep } from "../lib/jitter";
import { ofDay, type Sitting, sittings } from "../plan/day";
import { opensSecondsOf } from "../plan/opens";
import * as state from "../state";
import { watch } from "./door-watch";
import { dutySittings, watches } from "./duty";
import { heed } from "./heed";
import { mergeWatches } from "./merge";

const EVERY_MS = 15_000;

/** A class without a grown-up, and its sitting in the plan held. */
export interface AloneClass extends AloneMeeting {
  sitting: Sitting;
}

/** Classes that this person may look into, and that have no grown-up. */
export const aloneClasses = new Cell<AloneClass[]>([]);

const last = new Map<string, Watch>();
let started = false;

/** Ask the doors for as long as the page is open; asks nothing of anybody who is not told of such classes. */
export async function startWatching(): Promise<void> {
  if (started) return;
  started = true;
  for (;;) {
    await lookOnce().catch(() => undefined); // the next turn is near; what was heard last gets old by itself
    await sleep(EVERY_MS * (0.75 + Math.random() / 2));
  }
}

async function lookOnce(): Promise<void> {
  const { value: bundle } = state.bundle;
  const held = state.plan.value;
  const plans = held?.schools ?? [];
  const all = bundle && watches(bundle) ? [...sittings(bundle.sections, plans), ...dutySittings(bundle, plans)] : [];
  const now = nowSeconds();
  const on = ofDay(all, now).filter((one) => one.startsAt - opensSecondsOf(held) <= now && now < one.endsAt);
  if (on.length === 0) {
    last.clear();
    return aloneClasses.set([]);
  }
  const session = state.daySession() ?? (bundle?.pass ? await ensureSession(on[0]!, new AbortController().signal) : null);
  if (!session) return;
  const answers = await Promise.allSettled(state.doors().map((door) => watch(door, session)));
  for (const answer of answers) if (answer.status === "fulfilled") last.set(answer.value.door, answer.value);
  show(mergeWatches(last.values(), clock.now()), on);
}

function show(alone: AloneMeeting[], on: Sitting[]): void {
  const shown = alone.flatMap((one) => {
    const sitting = on.find((known) => known.id === one.meeting);
    return sitting ? [{ ...one, sitting }] : [];
  });
  const known = new Set(aloneClasses.value.map((one) => one.meeting));
  if (shown.some((one) => !known.has(one.meeting))) heed();
  if (JSON.stringify(shown) !== JSON.stringify(aloneClasses.value)) aloneClasses.set(shown);
}
