import type { Evidence, Receipt } from "../contracts";
import { db, type QueuedEvent } from "../keep/db";
import { newEventId } from "../lib/ids";

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
  const database = await db();
  // The same arrival tried again keeps its first moment.
  if (!(await database.get("evidence", queued.id))) await database.put("evidence", queued);
  return queued;
}

/** Correct what an event says, as long as it has not left this device. */
export async function amend(id: string, detail: Record<string, string>): Promise<void> {
  const database = await db();
  const held = await database.get("evidence", id);
  if (held && !held.at_door) await database.put("evidence", { ...held, detail });
}

/** Return an event that still waits here. */
export const find = async (id: string): Promise<QueuedEvent | undefined> => (await db()).get("evidence", id);

/** Return what one person has waiting here, oldest first (UUIDv7 sorts by time). */
export async function waiting(owner: string): Promise<QueuedEvent[]> {
  const all = await (await db()).getAll("evidence");
  return all.filter((event) => event.owner === owner);
}

export async function countUnconfirmed(): Promise<number> {
  return (await db()).count("evidence");
}

/**
 * Act on a receipt. Forgotten is only what the office has confirmed, or what can never be taken; what a door keeps is
 * marked, and stays until the office has it.
 */
export async function applyReceipt(receipt: Receipt): Promise<void> {
  const change = (await db()).transaction("evidence", "readwrite");
  for (const id of Object.keys(receipt.refused ?? {})) void change.store.delete(id);
  for (const id of receipt.kept) {
    if (receipt.confirmed) {
      void change.store.delete(id);
      continue;
    }
    const event = await change.store.get(id);
    if (event) void change.store.put({ ...event, at_door: true });
  }
  await change.done;
}
