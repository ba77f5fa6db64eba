import type { Door, Receipt } from "../contracts";
import * as door from "../door/door";
import { firstGood } from "../door/first-good";
import type { QueuedEvent } from "../keep/db";
import { has } from "../lib/request";
import { post } from "../office/office";
import { applyReceipt, waiting } from "./queue";

/** As in contracts/evidence.py. */
const UPLOAD_AT_MOST_EVENTS = 200;

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

/** Bring everything to the office, whose receipt lets the device forget. */
export async function uploadToOffice(sender: Sender): Promise<void> {
  const events = (await waiting(sender.owner)).slice(0, UPLOAD_AT_MOST_EVENTS);
  if (events.length === 0 || !(sender.session || sender.cookie)) return;
  await applyReceipt(await post("/api/evidence", upload(events), sender.session, isReceipt));
}

function upload(events: QueuedEvent[]): unknown {
  const sent_at = Date.now();
  return {
    sent_at,
    events: events.map(({ id, kind, sub, meeting, device_at, by, detail }) => ({
      id, kind, sub, meeting, device_at, sent_at, by: by ?? "", detail: detail ?? {},
    })),
  };
}
