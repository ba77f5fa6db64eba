import { sendEvidence } from "../background";
import { find, record } from "../evidence/queue";
import { type CheckResult, read, write } from "../keep/kept";
import { clock, nowSeconds } from "../lib/clock";
import { recentFailure } from "../lib/last-failure";
import { isOffline } from "../lib/line";
import { route } from "../lib/route";
import { dayState } from "../plan/day";
import { opensSecondsOf } from "../plan/opens";
import * as state from "../state";

// Who presses again so soon is impatient, not in another trouble.
const SAME_CALL_MS = 5 * 60_000;

/** What the school is told beside who asks: facts of the device, no text. */
export interface HelpDetail {
  camera: CheckResult["camera"];
  microphone: CheckResult["microphone"];
  line: "good" | "bad" | "skipped";
  layer: string;
  screen: string;
}

export interface Help {
  /** ms by the servers' clock. */
  at: number;
  /** She asked a little while ago already; nothing new was sent. */
  again: boolean;
  detail: HelpDetail;
  /** Somebody has it; false: it waits on this device for a line. */
  sent: boolean;
}

/** Ask the school for help: kept first, sent at once. Null when nobody is signed on. */
export async function askForHelp(): Promise<Help | null> {
  const owner = state.bundle.value?.person.id;
  if (!owner) return null;
  const at = clock.now();
  const detail = helpDetail();
  const before = await read("help");
  // Either way: an answer in between may have put the clock back a little.
  if (before?.owner === owner && Math.abs(at - before.at) < SAME_CALL_MS)
    return { at: before.at, again: true, detail, sent: await isSent(before.id) };
  const { id } = await record({ kind: "help_asked", sub: owner, meeting: meetingNow(), detail: { ...detail } }, owner);
  await write("help", { at, owner, id });
  await sendEvidence({ office: false });
  // No door: the office is asked at once too, as for those who have no door (guardians).
  if (!(await isSent(id))) await sendEvidence({ patient: false });
  return { at, again: false, detail, sent: await isSent(id) };
}

/** A door or the office has it. */
async function isSent(id: string): Promise<boolean> {
  const held = await find(id);
  return held === undefined || held.at_door === true;
}

export function helpDetail(): HelpDetail {
  const check = state.check.value;
  const line = check?.line ?? "skipped";
  return {
    camera: check?.camera ?? "skipped",
    microphone: check?.microphone ?? "skipped",
    line: line === "slow" ? "bad" : line,
    layer: recentFailure() || (isOffline() || state.reached.value === false ? "line" : ""),
    screen: state.inClass.value ? "class" : route.value.split("/")[1] || "today",
  };
}

/** One's own class that is on the screen, or that is open now. */
function meetingNow(): string {
  const today = state.sittingsToday();
  const shown = route.value.split("/")[2];
  const opens = opensSecondsOf(state.plan.value);
  const now = nowSeconds();
  const found = today.find((one) => one.id === shown) ?? dayState(today, now, opens).current;
  return found && found.startsAt - opens <= now ? found.id : "";
}
