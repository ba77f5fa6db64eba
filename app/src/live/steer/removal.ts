import { ensureSession } from "../../class-list/ensure-session";
import { remove } from "../../door/door";
import { clock } from "../../lib/clock";
import { newEventId } from "../../lib/ids";
import { codeOf } from "../../lib/trouble";
import type { Sitting } from "../../plan/day";
import { doors } from "../../state";
import type { Classroom } from "../classroom";
import { throwOut } from "../moderate";
import { MAY_SPEAK, outOf, REMOVED } from "./steer-rules";

const AGAIN_MS = 4_000;
/** What no later try changes. */
const FINAL = new Set(["not_your_class", "unknown_meeting", "bad_request"]);

/** Take a student out of this meeting, or with `back` let her in again: for all grown-ups, at all live servers, at every door. */
export async function removeStudent(classroom: Classroom, sub: string, back: boolean): Promise<void> {
  const { steering } = classroom;
  const event = newEventId();
  const others = steering.cell(REMOVED).value.filter((one) => one.sub !== sub);
  await steering.set(REMOVED, [...others, { sub, event, back }]);
  classroom.notes.write({ kind: back ? "let_back" : "removed", key: `removed:${event}`, sub, at: clock.now(), body: { by: classroom.me } });
  if (back) return;
  // Before she is off, so that her hand does not come up again with her; and nobody waits for her to speak.
  await classroom.handTalk.lower([sub]);
  const speakers = steering.cell(MAY_SPEAK).value;
  if (speakers.includes(sub)) await steering.set(MAY_SPEAK, speakers.filter((one) => one !== sub));
  await offTheServers(classroom, sub);
}

/** Off this server, and off the others of the class, where she may sit alone. */
async function offTheServers(classroom: Classroom, sub: string): Promise<void> {
  const seats = [...(classroom.seat ? [classroom.seat] : []), ...classroom.otherSeats()];
  await Promise.allSettled(seats.flatMap((seat) => classroom.devicesOf(sub).map((device) => throwOut(seat, device))));
}

/**
 * Tell every door this device knows, again and again until each has it: one event id, so it is one removal. Grown-ups'
 * devices all do, after a reload too; a student's device leaves when it is her. Returns how to stop.
 */
export function keepRemovals(classroom: Classroom, sitting: Sitting): () => void {
  const cell = classroom.steering.cell(REMOVED);
  if (!classroom.leads) {
    const look = (): void => {
      // The door says it to her in her language, and knows when she may come back.
      if (outOf(cell.value).has(classroom.me)) void classroom.leave().then(classroom.needsTicket);
    };
    return cell.watch(look);
  }
  const stop = new AbortController();
  const told = new Set<string>();
  let busy = false;

  async function tell(): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      const open = cell.value.flatMap((one) => doors().map((door) => ({ one, door }))).filter(({ one, door }) => !told.has(`${one.event} ${door.id}`));
      if (open.length === 0) return;
      const session = await ensureSession(sitting, stop.signal);
      await Promise.all(
        open.map(async ({ one, door }) => {
          try {
            await remove(door, { meeting: sitting.id, section: sitting.section, sent_at: Date.now(), ...one }, session);
            told.add(`${one.event} ${door.id}`);
          } catch (error) {
            if (FINAL.has(codeOf(error))) told.add(`${one.event} ${door.id}`);
          }
        }),
      );
    } catch {
      // No door answers now: the next turn asks again.
    } finally {
      busy = false;
    }
  }

  const unwatch = cell.watch(() => void tell());
  const timer = setInterval(() => void tell(), AGAIN_MS);
  void tell();
  return () => {
    stop.abort();
    clearInterval(timer);
    unwatch();
  };
}
