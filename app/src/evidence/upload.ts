import type { Door, Receipt } from "../contracts";
import * as door from "../door/door";
import { firstGood } from "../door/first-good";
import type { QueuedEvent } from "../keep/db";
import { has } from "../lib/request";
import { post } from "../office/office";
import { applyReceipt, happenedAt, waiting } from "./queue";

/** As in contracts/evidence.py. */
const UPLOAD_AT_MOST_EVENTS = 200;

// Between 10 and 20 minutes, another figure on each device.
const CONFIRM_AFTER_MS = (10 + 10 * Math.random()) * 60_000;

const isReceipt = has<Receipt>("kept", "confirmed");

export interface Sender {
  owner: string;
  session: string | null;
  /** The office's cookie is the owner's own. Under another's it would refuse the events for good. */
  cookie: boolean;
  doors: readonly Door[];
}

/** Bring what no door has yet to a door: there it is safe from the loss of this device. */
export async function uploadToDoor(sender: Sender): Promise<void> {
  const events = (await waiting(sender.owner)).filter((event) => !event.at_door).slice(0, UPLOAD_AT_MOST_EVENTS);
  const { session } = sender;
  if (events.length === 0 || !session) return;
  await applyReceipt(await firstGood(sender.doors, (one) => door.evidence(one, upload(events), session)));
}

/**
 * Bring to the office what it has to confirm, so that the device may forget. What a door has is safe and on its way: with
 * `patient` it is asked about only after a while, or every device of the district would ask the office at the bell.
 */
export async function uploadToOffice(sender: Sender, { patient = false } = {}): Promise<void> {
  const all = await waiting(sender.owner);
  const due = patient ? all.filter((event) => !event.at_door || age(event) > CONFIRM_AFTER_MS) : all;
  const events = due.slice(0, UPLOAD_AT_MOST_EVENTS);
  if (events.length === 0 || !(sender.session || sender.cookie)) return;
  await applyReceipt(await post("/api/evidence", upload(events), sender.session, isReceipt));
}

const age = (event: QueuedEvent): number => Math.abs(Date.now() - happenedAt(event));

/** `device_at` and `sent_at` are of the same clock, the device's own: who receives takes its error out. */
function upload(events: QueuedEvent[]): unknown {
  const sent_at = Date.now();
  return {
    sent_at,
    events: events.map((event) => {
      const { id, kind, sub, meeting, by, detail } = event;
      return { id, kind, sub, meeting, device_at: Math.min(happenedAt(event), sent_at), sent_at, by: by ?? "", detail: detail ?? {} };
    }),
  };
}
