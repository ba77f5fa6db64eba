/** What we use of a service worker's global scope; the DOM's types do not have it. */
export interface WakeEvent extends Event {
  tag: string;
  waitUntil: (work: Promise<unknown>) => void;
}

export interface WorkerScope {
  __WB_MANIFEST: (string | { url: string; revision: string | null })[];
  skipWaiting: () => Promise<void>;
  addEventListener(type: "sync" | "periodicsync", act: (event: WakeEvent) => void): void;
  addEventListener(type: "message", act: (event: MessageEvent) => void): void;
}
