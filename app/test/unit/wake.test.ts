import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Bundle } from "../../src/contracts";
import { countUnconfirmed, record } from "../../src/evidence/queue";
import { read, write } from "../../src/keep/kept";
import { clock } from "../../src/lib/clock";
import { lastEvening } from "../../src/office/renew-when";
import { renewInTheEvening, sendWaiting } from "../../src/service-worker/wake";

const ME = "student00001";
const BEGAN = lastEvening("", Date.UTC(2026, 8, 1, 22) / 1000); // without a plan: by the device's own zone
const EVENING = BEGAN + 2 * 3600;
const MORNING = EVENING - 10 * 3600;
const BUNDLE = {
  v: 1, district: "d", portal_name: "", person: { id: ME, kind: "student", name: "N", language: "en", grade: "02", staff_pages: false },
  root_public: "", pass: { token: "t", tag: "20260901.x", valid_until: EVENING + 86_400 }, schools: [], sections: [], children: [],
  plan_hosts: [], doors: [{ id: "d1", url: "https://d1" }], server_at: EVENING * 1000,
} as unknown as Bundle;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: EVENING * 1000 });
  clock.heard(EVENING * 1000, clock.ticks());
});
afterEach(() => void vi.useRealTimers());

type Served = Record<string, (body: { events?: { id: string }[] }) => unknown>;

/** Whoever is not named is dead. */
function serve(served: Served): string[] {
  const asked: string[] = [];
  vi.stubGlobal("cookieStore", { get: async () => ({ value: "csrf" }) });
  vi.stubGlobal("fetch", async (url: string, init: RequestInit = {}) => {
    asked.push(url);
    const answer = served[url];
    if (!answer) throw new TypeError("no line");
    return new Response(JSON.stringify(answer(JSON.parse(String(init.body ?? "{}")))));
  });
  return asked;
}

const keep = (savedAt: number) => write("bundle", { value: BUNDLE, savedAt: savedAt * 1000 });
const tried = () => record({ kind: "tried", sub: ME, meeting: "m" }, ME);
const ids = (body: { events?: { id: string }[] }) => body.events!.map((event) => event.id);

test("with no page open what waits goes to a door by the session that is kept", async () => {
  await keep(MORNING);
  await write("session", { text: "ds1.x", sub: ME, how: "pass" });
  await tried();
  const asked = serve({ "https://d1/evidence": (body) => ({ kept: ids(body), confirmed: false }) });
  await sendWaiting();
  expect(asked).toContain("https://d1/evidence");
  expect(await countUnconfirmed()).toBe(1); // until the office has confirmed it
});

test("without a session it goes to the office by the person's own cookie, and never by another's", async () => {
  await keep(MORNING);
  await tried();
  const me = (id: string) => () => ({ person: { id }, portal_name: "" });
  const office = (body: { events?: { id: string }[] }) => ({ kept: ids(body), confirmed: true });
  const asked = serve({ "/api/me": me("somebody-else"), "/api/evidence": office });
  await expect(sendWaiting()).rejects.toThrow("1 events wait");
  expect(asked).not.toContain("/api/evidence");
  serve({ "/api/me": me(ME), "/api/evidence": office });
  await sendWaiting();
  expect(await countUnconfirmed()).toBe(0);
});

test("when nobody answers the browser is told to come again, and nothing is lost", async () => {
  await keep(MORNING);
  await tried();
  serve({});
  await expect(sendWaiting()).rejects.toThrow();
  expect(await countUnconfirmed()).toBe(1);
});

test("renews in the evening at this device's moment, and not twice", async () => {
  await keep(MORNING);
  await write("session", { text: "ds1.x", sub: ME, how: "pass" });
  const served = { "/api/me": () => ({ person: null, portal_name: "" }), "/api/bundle": () => ({ ...BUNDLE, portal_name: "new" }) };
  await write("evening", { from: BEGAN, share: 0.9 });
  const early = serve(served);
  await renewInTheEvening();
  expect(early).toEqual([]);
  expect((await read("bundle"))?.value.portal_name).toBe("");
  await write("evening", { from: BEGAN, share: 0.1 });
  serve(served);
  await renewInTheEvening();
  expect((await read("bundle"))?.value.portal_name).toBe("new");
  const asked = serve(served);
  await renewInTheEvening();
  expect(asked).toEqual([]);
});
