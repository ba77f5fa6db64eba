import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Bundle } from "../../src/contracts";
import { read } from "../../src/keep/kept";
import { pushState, rightPerson, tellMe, tellNoMore } from "../../src/push/push";
import { shownFor, targetOf } from "../../src/service-worker/push";
import * as state from "../../src/state";

const ME = "guardian0001";
const KEY = "BAAA";

/** The browser's side: one subscription at most. */
class Browser {
  current: { endpoint: string; toJSON: () => unknown; unsubscribe: () => Promise<boolean> } | null = null;
  made = 0;
  keyChanged = false;
  getSubscription = async () => this.current;
  subscribe = async () => {
    if (this.keyChanged && this.current) throw new DOMException("another key", "InvalidStateError");
    const endpoint = this.current?.endpoint ?? `https://push/${++this.made}`;
    this.current ??= {
      endpoint,
      toJSON: () => ({ endpoint, keys: { p256dh: "P", auth: "A" } }),
      unsubscribe: async () => {
        this.current = null;
        return true;
      },
    };
    return this.current;
  };
}

let browser: Browser;
let calls: string[];
let refuses: boolean;
let permission: NotificationPermission;
let answers: NotificationPermission;

beforeEach(() => {
  browser = new Browser();
  calls = [];
  refuses = false;
  permission = "default";
  answers = "granted";
  state.bundle.set({ person: { id: ME } } as unknown as Bundle);
  state.session.set({ text: "ds1.x", sub: ME, how: "pass" });
  vi.stubGlobal("PushManager", class {});
  vi.stubGlobal("Notification", {
    get permission() { return permission; },
    requestPermission: async () => (permission = answers),
  });
  vi.stubGlobal("navigator", { serviceWorker: { getRegistration: async () => ({ pushManager: browser }) } });
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    if (url === "/api/push-key") return new Response(JSON.stringify({ key: KEY }));
    calls.push(`${init.method} ${url} ${init.body}`);
    return refuses ? new Response(JSON.stringify({ code: "bad_subscription", text: "", retryable: false }), { status: 400 }) : new Response(null, { status: 204 });
  });
});
afterEach(() => void vi.unstubAllGlobals());

test("after a tap the office knows where to send, and after another it does not", async () => {
  expect(await pushState()).toBe("off");
  expect(await tellMe()).toBe("on");
  expect(calls).toEqual(['POST /api/push {"endpoint":"https://push/1","p256dh":"P","auth":"A"}']);
  expect(await pushState()).toBe("on");
  await tellNoMore();
  expect(calls[1]).toBe('DELETE /api/push {"endpoint":"https://push/1"}');
  expect(browser.current).toBeNull();
  expect(await pushState()).toBe("off");
});

test("without permission nothing is subscribed", async () => {
  answers = "denied";
  expect(await tellMe()).toBe("barred");
  expect(await pushState()).toBe("barred");
  answers = "default";
  permission = "default";
  expect(await tellMe()).toBe("off");
  expect([browser.made, calls]).toEqual([0, []]);
});

test("when the office does not take it, nothing is left half", async () => {
  refuses = true;
  await expect(tellMe()).rejects.toThrow("bad_subscription");
  expect(browser.current).toBeNull();
  expect(await read("push")).toBeUndefined();
});

test("a browser that cannot has no button", async () => {
  vi.stubGlobal("navigator", {});
  expect(await pushState()).toBe("none");
});

test("a district's new key takes the place of the old one", async () => {
  await tellMe();
  browser.keyChanged = true;
  await tellMe();
  expect(browser.current?.endpoint).toBe("https://push/2");
});

test("another person on this device does not get the notices of the one before", async () => {
  await tellMe();
  await rightPerson("somebody0001");
  expect(browser.current).toBeNull();
  expect(await read("push")).toBeUndefined();
  await rightPerson(ME);
  expect(browser.current).toBeNull(); // and nobody is subscribed without a tap
});

test("a browser that changed its address is told anew; the same one asks nobody", async () => {
  await tellMe();
  await rightPerson(ME);
  expect(calls).toHaveLength(1);
  browser.current = null;
  await rightPerson(ME);
  expect(calls[1]).toContain("https://push/2");
  expect((await read("push"))?.endpoint).toBe("https://push/2");
});

test("shows what the office wrote, in its language; an emergency stays", () => {
  const told = { title: "Zoom hoy", body: "Grados 6 a 12", url: "https://app/", tag: "n1", lang: "es", level: "emergency" };
  expect(shownFor(JSON.stringify(told), "My School")).toMatchObject({
    title: "Zoom hoy", options: { body: "Grados 6 a 12", lang: "es", tag: "n1", renotify: true, requireInteraction: true, data: { url: "https://app/" } },
  });
  expect(shownFor(JSON.stringify({ ...told, level: "info" }), "").options).toMatchObject({ requireInteraction: false, renotify: false });
});

test.each(["", "no json", "null", "[]", '{"title": 5}'])("a push that cannot be read (%s) still shows the school's name", (text) => {
  const shown = shownFor(text, "My School");
  expect(shown.title).toBe("My School");
  expect(shown.options).not.toHaveProperty("renotify"); // without a tag browsers refuse it
});

test.each<[unknown, object]>([
  ["https://app/join/m1?x=1", { path: "/join/m1?x=1" }],
  ["", { path: "/" }],
  [undefined, { path: "/" }],
  ["https://elsewhere.example/a", { outside: "https://elsewhere.example/a" }],
  ["http://elsewhere.example/a", { path: "/" }],
  ["javascript:alert(1)", { path: "/" }],
  ["https://", { path: "/" }],
])("a tap on %s leads to %j", (url, target) => expect(targetOf(url, "https://app")).toEqual(target));
