import { keepText, keptText } from "../../../lib/safe-storage";
import { has, request } from "../../../lib/request";
import { daySession } from "../../../state";
import { Cell } from "../../../lib/cell";

const KEPT = "schoolday.may_record";
const TIMEOUT_MS = 5_000;

/** Whether the district lets its teachers record. The office's last word holds while it is away; without one: no. */
export const allowed = new Cell(keptText(KEPT) === "1");

export async function askWhetherAllowed(): Promise<void> {
  const session = daySession();
  const answer = await request("/api/recordings", {
    headers: session ? { Authorization: `Day ${session}` } : {},
    timeoutMs: TIMEOUT_MS,
    cookies: true,
    accepts: has<{ allowed: boolean }>("allowed"),
  });
  allowed.set(answer.allowed === true);
  keepText(KEPT, allowed.value ? "1" : "0");
}
