import { Cell } from "../lib/cell";
import { trust } from "../state";
import { LESSON_PATH, packetName } from "./names";

/** Addresses (as the plan has them) of the packets that lie on this device. */
export const onThisDevice = new Cell<ReadonlySet<string>>(new Set());

/** Where a packet opens: by the service worker, which has it here or knows all plan hosts; without one at the first host. */
export function packetHref(url: string): string {
  const named = packetName(url);
  if (!named) return url;
  if (globalThis.navigator?.serviceWorker?.controller) return LESSON_PATH + named.name;
  return `${(trust.value?.plan_hosts[0] ?? "/plan").replace(/\/$/, "")}/${url}`;
}
