/// <reference lib="webworker" />
// A page in the background gets one timer a second, a worker gets them all: the teacher may look at another tab.
const EVERY_MS = 50;
setInterval(() => postMessage(null), EVERY_MS);
