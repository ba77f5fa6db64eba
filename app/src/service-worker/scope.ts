/** What we use of a service worker's global scope; the DOM's types do not have it. */
export interface WakeEvent extends Event {
  tag: string;
  waitUntil: (work: Promise<unknown>) => void;
}

export interface PushEvent extends Event {
  data: { text: () => string } | null;
  waitUntil: (work: Promise<unknown>) => void;
}

export interface TapEvent extends Event {
  notification: { close: () => void; data: unknown };
  waitUntil: (work: Promise<unknown>) => void;
}

/** A page of ours that is open. */
export interface Page {
  focus: () => Promise<unknown>;
  postMessage: (message: unknown) => void;
}

export interface WorkerScope {
  __WB_MANIFEST: (string | { url: string; revision: string | null })[];
  location: { origin: string };
  registration: { showNotification: (title: string, options: NotificationOptions) => Promise<void> };
  clients: {
    matchAll: (of: { type: "window"; includeUncontrolled: boolean }) => Promise<Page[]>;
    openWindow: (url: string) => Promise<unknown>;
  };
  skipWaiting: () => Promise<void>;
  addEventListener(type: "sync" | "periodicsync", act: (event: WakeEvent) => void): void;
  addEventListener(type: "push", act: (event: PushEvent) => void): void;
  addEventListener(type: "notificationclick", act: (event: TapEvent) => void): void;
  addEventListener(type: "message", act: (event: MessageEvent) => void): void;
}
