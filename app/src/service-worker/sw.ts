import { clientsClaim } from "workbox-core";
import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { NavigationRoute, registerRoute } from "workbox-routing";
import { EVENING_SYNC, EVIDENCE_SYNC } from "../evidence/sync";
import type { WorkerScope } from "./scope";
import { renewInTheEvening, sendWaiting } from "./wake";

declare const self: WorkerScope;

// Served by others than the app: the office, plan files, doors, live servers. The service worker leaves them alone.
const NOT_THE_APP = [/^\/(api|office|calendar|plan|door|live)\//, /\.[a-z0-9]+$/i];

// All of the app, also the live part and all languages: at the bell nothing is fetched any more.
precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(new NavigationRoute(createHandlerBoundToURL("/index.html"), { denylist: NOT_THE_APP }));
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
