import type { JoinAnswer } from "../contracts";
import { sendEvidence } from "../background";
import { record } from "../evidence/queue";
import { codeOf } from "../lib/trouble";
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
  how: { onStep: (step: Step) => void; tried: TriedNotes; signal: AbortSignal },
): Promise<JoinAnswer> {
  const event = await arrivalId(wish.meeting);
  const asked = { meeting: wish.meeting, section: wish.section, event };
  const once = () =>
    climb({
      doors: state.doors(),
      ask: (door) => askDoor(door, asked, how.signal),
      onStep: how.onStep,
      onFailure: (door, trouble) => void how.tried.note(trouble, door.id),
      signal: how.signal,
    });
  let answer: JoinAnswer;
  try {
    answer = await once();
  } catch (error) {
    if (!A_NEW_PASS_HELPS.has(codeOf(error)) || !state.bundle.value?.pass) throw error;
    state.bundle.set(await renewBundle(null));
    answer = await once();
  }
  if (answer.ticket.state === "live" || answer.ticket.state === "alternate") {
    // The door has it too, under the same id; ours outlives a door that burns.
    await record({ id: event, kind: "arrived", sub: wish.sub, meeting: wish.meeting }, wish.sub);
    void sendEvidence({ office: false });
  }
  return answer;
}
