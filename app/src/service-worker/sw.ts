import { clientsClaim } from "workbox-core";
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { EVENING_SYNC, EVIDENCE_SYNC } from "../evidence/sync";
import { read } from "../keep/kept";
import { LESSON_PATH } from "../packets/names";
import { serveLesson } from "./lesson";
import { shownFor, targetOf } from "./push";
import type { Page, WorkerScope } from "./scope";
import { lookWithoutPage, renewInTheEvening, sendWaiting } from "./wake";

declare const self: WorkerScope;

// Served by others than the app: the office, plan files, doors, live servers. The service worker leaves them alone.
const NOT_THE_APP = [/^\/(api|office|calendar|plan|door|live)\//, /\.[a-z0-9]+$/i];

// All of the app, also the live part and all languages: at the bell nothing is fetched any more.
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL("/index.html"), { denylist: NOT_THE_APP }));
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith(LESSON_PATH),
  ({ url }) => serveLesson(url.pathname),
);
clientsClaim();

// src/updates.ts decides when a new version takes over.
self.addEventListener("message", (event) => {
  if ((event.data as { type?: unknown } | null)?.type === "SKIP_WAITING") void self.skipWaiting();
});

// The browser tells us when there is a line again, also when no page of ours is open; what throws is tried again later.
self.addEventListener("sync", (event) => {
  if (event.tag === EVIDENCE_SYNC) event.waitUntil(sendWaiting());
});
self.addEventListener("periodicsync", (event) => {
  if (event.tag === EVENING_SYNC) event.waitUntil(renewInTheEvening());
});

// A notice: shown whether or not a page is open, and often the sign that the plan has changed.
self.addEventListener("push", (event) => event.waitUntil(showPush(event.data?.text() ?? "")));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openFrom((event.notification.data as { url?: unknown } | null)?.url));
});

async function showPush(text: string): Promise<void> {
  const shown = shownFor(text, (await read("trust"))?.portal_name ?? "");
  await self.registration.showNotification(shown.title, shown.options);
  const open = await pages();
  for (const page of open) page.postMessage({ type: "look" });
  if (open.length === 0) await lookWithoutPage();
}

async function openFrom(url: unknown): Promise<void> {
  const target = targetOf(url, self.location.origin);
  const [page] = await pages();
  if ("outside" in target || !page) {
    await self.clients.openWindow("outside" in target ? target.outside : target.path);
    return;
  }
  page.postMessage({ type: "open", path: target.path });
  await page.focus();
}

const pages = (): Promise<Page[]> => self.clients.matchAll({ type: "window", includeUncontrolled: true });
