export const EVIDENCE_SYNC = "evidence";
export const EVENING_SYNC = "evening";
const EVENING_AT_LEAST_MS = 3 * 3_600_000;

interface Syncing extends ServiceWorkerRegistration {
  sync?: { register: (tag: string) => Promise<void> };
  periodicSync?: { register: (tag: string, how: { minInterval: number }) => Promise<void> };
}

/** Ask the browser to send what waits as soon as there is a line, also when this page is closed. Where it can. */
export async function sendWhenThereIsALine(): Promise<void> {
  await (await registration())?.sync?.register(EVIDENCE_SYNC);
}

/** Ask the browser to wake the service worker now and then: it renews in the evening. Only installed apps may. */
export async function wakeInTheEvening(): Promise<void> {
  await (await registration())?.periodicSync?.register(EVENING_SYNC, { minInterval: EVENING_AT_LEAST_MS });
}

const registration = async (): Promise<Syncing | undefined> => globalThis.navigator?.serviceWorker?.getRegistration();
