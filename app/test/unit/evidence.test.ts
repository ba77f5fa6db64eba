import { expect, test, vi } from "vitest";
import { applyReceipt, countUnconfirmed, record, waiting } from "../../src/evidence/queue";
import { uploadToDoor, uploadToOffice } from "../../src/evidence/upload";

const ME = "student00001";
const tried = (id?: string) => record({ kind: "tried", sub: ME, meeting: "m", ...(id ? { id } : {}) }, ME);
const DOORS = [{ id: "d1", url: "https://d1" }, { id: "d2", url: "https://d2" }];

function answer(...answers: (object | "dead")[]) {
  const sent: { url: string; body: { events: { id: string; sent_at: number }[] } }[] = [];
  vi.stubGlobal("document", { cookie: "csrftoken=t" });
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    sent.push({ url, body: JSON.parse(String(init.body ?? "null")) });
    const next = answers.shift();
    if (next === "dead" || next === undefined) throw new TypeError("no line");
    return new Response(JSON.stringify(next), { status: "code" in next ? 503 : 200 });
  });
  return sent;
}

test("keeps an event until the office has confirmed it", async () => {
  const { id } = await tried();
  await applyReceipt({ kept: [id], confirmed: false });
  expect(await waiting(ME)).toMatchObject([{ id, at_door: true }]);
  await applyReceipt({ kept: [id], confirmed: true });
  expect(await countUnconfirmed()).toBe(0);
});

test("forgets what can never be taken, and nothing that a receipt does not name", async () => {
  const one = await tried();
  const two = await tried();
  await applyReceipt({ kept: [], confirmed: true, refused: { [one.id]: "bad_id" } });
  expect((await waiting(ME)).map((event) => event.id)).toEqual([two.id]);
});

test("the same arrival recorded again keeps its first moment and stays one", async () => {
  const first = await tried("019a0000-0000-7000-8000-000000000001");
  await tried("019a0000-0000-7000-8000-000000000001");
  expect(await waiting(ME)).toMatchObject([{ device_at: first.device_at }]);
});

test("one person's events are not sent for another", async () => {
  await tried();
  expect(await waiting("somebody-else")).toEqual([]);
});

test("goes to the next door, and not twice to any", async () => {
  const { id } = await tried();
  const sent = answer("dead", { kept: [id], confirmed: false });
  const sender = { owner: ME, session: "ds1.x", cookie: false, doors: DOORS };
  await uploadToDoor(sender);
  await uploadToDoor(sender);
  expect(sent.map((one) => one.url)).toEqual(["https://d1/evidence", "https://d2/evidence"]);
  expect(sent[1]!.body.events[0]).toMatchObject({ id, sent_at: expect.any(Number) });
});

test("a door's receipt never makes the device forget; the office's does", async () => {
  const { id } = await tried();
  answer({ kept: [id], confirmed: false }, { kept: [id], confirmed: true, refused: {} });
  const sender = { owner: ME, session: "ds1.x", cookie: false, doors: DOORS };
  await uploadToDoor(sender);
  expect(await countUnconfirmed()).toBe(1);
  await uploadToOffice(sender);
  expect(await countUnconfirmed()).toBe(0);
});

test("an office that fails, or a stranger in its place, loses nothing", async () => {
  await tried();
  const sender = { owner: ME, session: null, cookie: true, doors: [] };
  answer({ code: "busy", retryable: true }, { hello: "hotel" });
  await expect(uploadToOffice(sender)).rejects.toMatchObject({ code: "busy" });
  await expect(uploadToOffice(sender)).rejects.toMatchObject({ code: "stranger" });
  expect(await countUnconfirmed()).toBe(1);
});

test("nobody's events go out under another's cookie", async () => {
  await tried();
  const sent = answer();
  await uploadToOffice({ owner: ME, session: null, cookie: false, doors: [] });
  expect(sent).toEqual([]);
  expect(await countUnconfirmed()).toBe(1);
});

test("what a door has is confirmed by the office later, not at the bell", async () => {
  const { id } = await tried();
  const sender = { owner: ME, session: "ds1.x", cookie: false, doors: DOORS };
  const sent = answer({ kept: [id], confirmed: false }, { kept: [id], confirmed: true });
  await uploadToDoor(sender);
  await uploadToOffice(sender, { patient: true });
  expect(sent).toHaveLength(1);
  vi.spyOn(Date, "now").mockReturnValue(Date.now() + 21 * 60_000);
  await uploadToOffice(sender, { patient: true });
  vi.restoreAllMocks();
  expect(sent).toHaveLength(2);
  expect(await countUnconfirmed()).toBe(0);
});

test("a token that has gone stale is fetched again, once", async () => {
  const { id } = await tried();
  const sent = answer({ code: "csrf", retryable: true }, { person: null, portal_name: "P" }, { kept: [id], confirmed: true });
  await uploadToOffice({ owner: ME, session: null, cookie: true, doors: [] });
  expect(sent.map((one) => one.url)).toEqual(["/api/evidence", "/api/me", "/api/evidence"]);
  expect(await countUnconfirmed()).toBe(0);
});
