import { firstGood } from "../door/first-good";
import { arrivalId } from "../joining/arrival";
import { askDoor } from "../joining/ask-door";
import { Trouble } from "../lib/trouble";
import type { Sitting } from "../plan/day";
import { daySession, doors } from "../state";

/**
 * Return a teacher's day session. Outside the class there may be none yet today: it comes with the answer to a join,
 * whatever the class's state; the arrival has the same id as the one of the class itself.
 */
export async function ensureSession(sitting: Sitting, signal: AbortSignal): Promise<string> {
  const held = daySession();
  if (held) return held;
  const asked = { meeting: sitting.id, section: sitting.section, event: await arrivalId(sitting.id) };
  await firstGood(doors(), (door) => askDoor(door, asked, signal));
  const made = daySession();
  if (!made) throw new Trouble("session_over", "refused", false);
  return made;
}
