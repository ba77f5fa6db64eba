import { lookForPlan } from "../background";
import { go } from "../lib/route";
import { inClass } from "../state";

/** What the service worker tells the pages that are open: a push came (`look`), or its notification was tapped (`open`). */
export type PageMessage = { type: "look" } | { type: "open"; path: string };

const NOT_THE_APP = /^\/(api|office|calendar|plan|door|live|lesson|card|status)\b|\.[a-z0-9]+$/i;

/** Heed the service worker: a push often means a new plan. Who is in class is not taken out of it by a tap. */
export function heedServiceWorker(): void {
  globalThis.navigator?.serviceWorker?.addEventListener("message", (event) => {
    const told = event.data as PageMessage | null;
    if (told?.type !== "look" && told?.type !== "open") return;
    void lookForPlan().catch(() => null); // the next turn is near
    if (told.type === "open" && !inClass.value) open(told.path);
  });
}

function open(path: string): void {
  if (!path.startsWith("/") || path.startsWith("//")) return;
  if (NOT_THE_APP.test(path.split(/[?#]/)[0]!)) location.assign(path);
  else go(path);
}
