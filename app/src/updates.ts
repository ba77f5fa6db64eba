import { inClass } from "./state";

/**
 * Keep the app on this device, and let a new version in quietly: a version that was fetched during the last visit takes
 * over when the app is opened next, before the person has done anything; never while a class is open.
 */
export async function startUpdates(): Promise<void> {
  if (!("serviceWorker" in navigator) || !import.meta.env.PROD) return;
  const registration = await navigator.serviceWorker.register("/sw.js");
  if (!registration.waiting || inClass.value || location.pathname !== "/") return;
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  registration.waiting.postMessage({ type: "SKIP_WAITING" });
}
