import type { JoinAnswer } from "../contracts";
import { sendEvidence } from "../background";
import { find, happenedAt, record } from "../evidence/queue";
import type { Wake } from "../lib/jitter";
import { codeOf, wasAnswered } from "../lib/trouble";
import { renewBundle } from "../office/bundle";
import * as state from "../state";
import { arrivalId } from "./arrival";
import { askDoor } from "./ask-door";
import { climb, type Step } from "./ladder";
import type { TriedNotes } from "./tried";

const A_NEW_PASS_HELPS = new Set(["bad_pass", "pass_over", "bad_proof"]);

export interface Wish {
  meeting: string;
  section: string;
  sub: string;
}

/** Climb the ladder for a ticket. A pass that doors no longer take is renewed once, if the office is there. */
export async function getTicket(
  wish: Wish,
  how: { onStep: (step: Step) => void; tried: TriedNotes; signal: AbortSignal; wake: Wake },
): Promise<JoinAnswer> {
  const event = await arrivalId(wish.meeting);
  const asked = { meeting: wish.meeting, section: wish.section, event };
  const once = () =>
    climb({
      doors: state.doors(),
      // Who is in by a spare ticket already came when she came, not when a door was there again.
      ask: async (door, signal) => askDoor(door, { ...asked, ...(await cameBefore(event)) }, signal),
      onStep: how.onStep,
      onFailure: (door, trouble) => {
        void how.tried.note(trouble, door.id);
        if (wasAnswered(trouble)) void how.tried.lineIsGood();
      },
      signal: how.signal,
      wake: how.wake,
    });
  let answer: JoinAnswer;
  try {
    answer = await once();
  } catch (error) {
    if (!A_NEW_PASS_HELPS.has(codeOf(error)) || !state.bundle.value?.pass) throw error;
    state.bundle.set(await renewBundle(null));
    answer = await once();
  }
  await how.tried.lineIsGood();
  if (answer.ticket.state === "live" || answer.ticket.state === "alternate") {
    // The door has it too, under the same id; ours outlives a door that burns.
    await recordArrival(wish);
  }
  void sendEvidence({ office: false });
  return answer;
}

/** Write down that the person came: after a door's answer, or by spare ticket without one. */
export async function recordArrival(wish: Wish): Promise<void> {
  await record({ id: await arrivalId(wish.meeting), kind: "arrived", sub: wish.sub, meeting: wish.meeting }, wish.sub);
}

async function cameBefore(event: string): Promise<{ device_at?: number }> {
  const held = await find(event);
  return held ? { device_at: Math.min(happenedAt(held), Date.now()) } : {};
}
