import type { RemoteParticipant } from "livekit-client";
import { Cell } from "../../lib/cell";
import { keepText, keptText } from "../../lib/safe-storage";
import { personOf } from "../../lib/ids";
import type { Classroom } from "../classroom";
import { PINNED } from "./pin";

/** Whom this person pinned for herself; for this class only. */
export const ownPins = new Cell<readonly string[]>([]);

const KEPT = "schoolday.pins";

/** Take up whom she had pinned in this meeting before a reload, and keep what she changes. Returns how to stop. */
export function keepPins(meeting: string): () => void {
  const kept = keptText(KEPT)?.split(" ") ?? [];
  ownPins.set(kept[0] === meeting ? kept.slice(1).filter(Boolean) : []);
  const stop = ownPins.watch(() => keepText(KEPT, [meeting, ...ownPins.value].join(" ")));
  return () => {
    stop();
    ownPins.set([]);
  };
}

export const isInterpreter = (one: Pick<RemoteParticipant, "attributes">): boolean => one.attributes.role === "interpreter";

/** Return whose pictures stay in sight here: interpreters by their signed role, whom a grown-up pinned for all, and own pins. */
export function pinnedHere(classroom: Classroom): ReadonlySet<string> {
  const interpreters = [...classroom.room.remoteParticipants.values()].filter(isInterpreter).map((one) => personOf(one.identity));
  return new Set([...interpreters, ...classroom.steering.cell(PINNED).value, ...ownPins.value]);
}
