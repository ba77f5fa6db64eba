import type { RemoteParticipant } from "livekit-client";
import { Cell } from "../../lib/cell";
import { personOf } from "../../lib/ids";
import type { Classroom } from "../classroom";
import { PINNED } from "./pin";

/** Whom this person pinned for herself; for this class only. */
export const ownPins = new Cell<readonly string[]>([]);

export const isInterpreter = (one: Pick<RemoteParticipant, "attributes">): boolean => one.attributes.role === "interpreter";

/** Return whose pictures stay in sight here: interpreters by their signed role, whom a grown-up pinned for all, and own pins. */
export function pinnedHere(classroom: Classroom): ReadonlySet<string> {
  const interpreters = [...classroom.room.remoteParticipants.values()].filter(isInterpreter).map((one) => personOf(one.identity));
  return new Set([...interpreters, ...classroom.steering.cell(PINNED).value, ...ownPins.value]);
}
