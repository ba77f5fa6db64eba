import type { Evidence, Receipt } from "../contracts";
import { type QueuedEvent, store } from "../keep/db";
import { Cell } from "../lib/cell";
import { clock } from "../lib/clock";
import { newEventId } from "../lib/ids";
import { isPractice } from "../plan/practice";

// Less than this is how long answers took, not a clock that somebody set.
const CLOCK_WAS_SET_MS = 5_000;

/** Counts what was recorded in this page: for those who have to send it. */
export const recorded = new Cell(0);

/** Keep an event until the office confirms it. Written before anything else happens with it. */
export async function record(
  event: Omit<Evidence, "id" | "device_at"> & { id?: string },
  owner: string,
): Promise<QueuedEvent> {
  const queued: QueuedEvent = {
    ...event,
    id: event.id ?? newEventId(),
    device_at: Date.now(),
    owner,
  };
  const ahead = clock.aheadMs();
  if (ahead !== undefined) queued.ahead_ms = ahead;
  if (isPractice(queued.meeting)) return queued; // nothing of a practice class is kept
  // The same arrival tried again keeps its first moment.
  if (!(await store.get("evidence", queued.id))) await store.put("evidence", queued.id, queued);
  recorded.set(recorded.value + 1);
  return queued;
}

/** Correct what an event says, as long as it has not left this device. */
export async function amend(id: string, detail: Record<string, string>): Promise<void> {
  const held = await store.get("evidence", id);
  if (held && !held.at_door) await store.put("evidence", id, { ...held, detail });
}

/** Return an event that still waits here. */
export const find = (id: string): Promise<QueuedEvent | undefined> => store.get("evidence", id);

/** Return what one person has waiting here, oldest first (UUIDv7 sorts by time). */
export async function waiting(owner: string): Promise<QueuedEvent[]> {
  return (await store.all("evidence")).filter((event) => event.owner === owner);
}

/** What only this device has, of whatever kind: events, and what it noted of classes. */
export const countUnconfirmed = async (): Promise<number> => (await store.all("evidence")).length + (await store.all("notes")).length;

/**
 * When it happened, by the device's clock as it is now: a clock that was put right in between would make minutes of
 * days. Where nothing was set, that is what was written down.
 */
export function happenedAt(event: QueuedEvent): number {
  const ahead = clock.aheadMs();
  if (event.ahead_ms === undefined || ahead === undefined) return event.device_at;
  const set = event.ahead_ms - ahead;
  return Math.abs(set) > CLOCK_WAS_SET_MS ? Math.round(event.device_at + set) : event.device_at;
}

/**
 * Act on a receipt. Forgotten is only what the office has confirmed, or what can never be taken; what a door keeps is
 * marked, and stays until the office has it.
 */
export async function applyReceipt(receipt: Receipt): Promise<void> {
  for (const id of Object.keys(receipt.refused ?? {})) await store.delete("evidence", id);
  for (const id of receipt.kept) {
    if (receipt.confirmed) {
      await store.delete("evidence", id);
      continue;
    }
    const event = await store.get("evidence", id);
    if (event) await store.put("evidence", id, { ...event, at_door: true });
  }
}
