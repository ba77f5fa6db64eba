import { forget, read, write } from "../keep/kept";
import { unb64 } from "../lib/b64";
import { endPush, pushKey, subscribePush } from "../office/office";
import { bundle, daySession } from "../state";

/** `none`: this browser cannot; `barred`: its person, or the browser, said no to all notifications. */
export type PushState = "none" | "barred" | "off" | "on";

/** Say how it stands with notices by push for the person shown, on this device. */
export async function pushState(): Promise<PushState> {
  const registration = await worker();
  if (!registration) return "none";
  if (Notification.permission === "denied") return "barred";
  const held = await read("push");
  const subscription = await registration.pushManager.getSubscription();
  return subscription && held?.sub === bundle.value?.person.id && held?.endpoint === subscription.endpoint ? "on" : "off";
}

/**
 * Ask for the permission, which browsers give only after a tap, and tell the office where to send. Nothing is left half:
 * when the office does not take it, the browser's subscription is ended again.
 */
export async function tellMe(): Promise<PushState> {
  const sub = bundle.value?.person.id;
  if (!sub || !("Notification" in globalThis)) return "none";
  const permission = await Notification.requestPermission();
  if (permission === "denied") return "barred";
  if (permission !== "granted") return "off";
  await subscribe(sub);
  return "on";
}

async function subscribe(sub: string): Promise<void> {
  const registration = await worker();
  if (!registration) throw new Error("no service worker");
  const key = unb64((await pushKey()).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_"));
  const subscription = await freshSubscription(registration, key);
  const { endpoint = "", keys = {} } = subscription.toJSON();
  try {
    await subscribePush({ endpoint, p256dh: keys.p256dh ?? "", auth: keys.auth ?? "" }, daySession());
  } catch (error) {
    await subscription.unsubscribe();
    throw error;
  }
  await write("push", { sub, endpoint });
}

/** A district that changed its key: the old subscription takes nothing any more, and bars a new one. */
async function freshSubscription(registration: ServiceWorkerRegistration, key: Uint8Array<ArrayBuffer>): Promise<PushSubscription> {
  const options = { userVisibleOnly: true, applicationServerKey: key };
  try {
    return await registration.pushManager.subscribe(options);
  } catch (error) {
    const before = await registration.pushManager.getSubscription();
    if (!before) throw error;
    await before.unsubscribe();
    return registration.pushManager.subscribe(options);
  }
}

/** End it on this device; the office hears of it when it can, and learns it from the push service else. */
export async function tellNoMore(): Promise<void> {
  const held = await read("push");
  const subscription = await (await worker())?.pushManager.getSubscription();
  await subscription?.unsubscribe();
  await forget("push");
  const endpoint = held?.endpoint ?? subscription?.endpoint;
  if (endpoint) await endPush(endpoint, daySession()).catch(() => null);
}

/** Another person is shown now: the notices of the one before end here. A browser that changed its address is told anew. */
export async function rightPerson(sub: string): Promise<void> {
  const held = await read("push");
  if (!held) return;
  const registration = await worker();
  const subscription = await registration?.pushManager.getSubscription();
  if (held.sub !== sub) {
    await subscription?.unsubscribe();
    await forget("push");
    return;
  }
  if (registration && subscription?.endpoint !== held.endpoint && Notification.permission === "granted") await subscribe(sub);
}

async function worker(): Promise<ServiceWorkerRegistration | undefined> {
  if (!("Notification" in globalThis) || !("PushManager" in globalThis)) return undefined;
  return globalThis.navigator.serviceWorker?.getRegistration();
}
