import { IDBFactory } from "fake-indexeddb";
import { deleteDB, openDB } from "idb";
import { beforeEach, expect, test, vi } from "vitest";
import { DeviceStore, type QueuedEvent } from "../../src/keep/db";

beforeEach(() => vi.stubGlobal("indexedDB", new IDBFactory()));

const event = (id: string): QueuedEvent => ({ id, kind: "tried", sub: "me", meeting: "m", device_at: 1, owner: "me" });
const ids = async (store: DeviceStore) => (await store.all("evidence")).map((one) => one.id);

/** A database that takes nothing more. */
function full(): { open: typeof openDB; room: () => void } {
  let isFull = true;
  const open = async (...args: Parameters<typeof openDB>) => {
    const database = await openDB(...args);
    return new Proxy(database, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (name === "put" && isFull) return async () => Promise.reject(new DOMException("full", "QuotaExceededError"));
        return typeof value === "function" ? (value as (...all: unknown[]) => unknown).bind(target) : value;
      },
    });
  };
  return { open: open as typeof openDB, room: () => void (isFull = false) };
}

test("keeps for the next visit, and says nothing", async () => {
  const store = new DeviceStore();
  await store.put("evidence", "b", event("b"));
  await store.put("evidence", "a", event("a"));
  await store.put("kept", "check", 7);
  expect(store.forgetful.value).toBe(false);
  const next = new DeviceStore();
  expect(await ids(next)).toEqual(["a", "b"]);
  expect(await next.get("kept", "check")).toBe(7);
});

test.each<[string, typeof openDB]>([
  ["barred", (() => { throw new DOMException("no", "SecurityError"); }) as typeof openDB],
  ["refused", (async () => Promise.reject(new DOMException("no", "InvalidStateError"))) as typeof openDB],
  ["never answered", (() => new Promise(() => {})) as typeof openDB],
])("a database that is %s: works from memory, and says that it forgets", async (_why, open) => {
  const store = new DeviceStore(open, 50);
  expect(await store.get("kept", "bundle")).toBeUndefined();
  expect(store.forgetful.value).toBe(true);
  await store.put("kept", "bundle", { a: 1 });
  await store.put("evidence", "a", event("a"));
  expect(await store.get("kept", "bundle")).toEqual({ a: 1 });
  expect(await ids(store)).toEqual(["a"]);
  await store.delete("evidence", "a");
  await store.clear("kept");
  expect([await ids(store), await store.get("kept", "bundle")]).toEqual([[], undefined]);
});

test("a database wiped while the page is open gets back what the page knew", async () => {
  const store = new DeviceStore();
  await store.put("evidence", "a", event("a"));
  await store.put("kept", "bundle", "mine");
  await deleteDB("schoolday");
  await store.put("evidence", "b", event("b"));
  expect(store.forgetful.value).toBe(false);
  const next = new DeviceStore();
  expect(await ids(next)).toEqual(["a", "b"]);
  expect(await next.get("kept", "bundle")).toBe("mine");
});

test("what was forgotten on purpose does not come back after a wipe", async () => {
  const store = new DeviceStore();
  await store.put("evidence", "a", event("a"));
  await store.delete("evidence", "a");
  await deleteDB("schoolday");
  expect(await ids(store)).toEqual([]);
});

test("a full database: nothing is lost while the page is open, it says so, and writes it down when there is room", async () => {
  const { open, room } = full();
  const store = new DeviceStore(open);
  await store.put("evidence", "a", event("a"));
  expect(store.forgetful.value).toBe(true);
  expect(await ids(store)).toEqual(["a"]);
  expect(await store.get("evidence", "a")).toEqual(event("a"));
  expect(await ids(new DeviceStore())).toEqual([]);
  room();
  await store.put("evidence", "b", event("b"));
  expect(store.forgetful.value).toBe(false);
  expect(await ids(new DeviceStore())).toEqual(["a", "b"]);
});
