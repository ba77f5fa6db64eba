import { beforeAll, expect, test, vi } from "vitest";
import type { HeldPlan, Trust } from "../../src/keep/kept";
import { getText, PLAN_AT_MOST_BYTES } from "../../src/plan/get-text";
import { refreshPlan } from "../../src/plan/refresh";
import { PlanRefused, schoolPath, takeIndex } from "../../src/plan/take";
import { BadSignature, sha256Hex } from "../../src/signing/paseto";
import { makeKey, makePlan, SCHOOL, type TestKey } from "./sign";

let root: TestKey;
let key: TestKey;
beforeAll(async () => {
  root = await makeKey("root");
  key = await makeKey("k1");
});
const expected = () => ({ district: "d", rootPublic: root.public, version: 1, keysIssuedAt: 100, at: 50 });

test("takes a newer plan, and the same again", async () => {
  const { index } = await makePlan({ root, key, version: 2 });
  expect((await takeIndex(index, expected())).index.version).toBe(2);
  expect((await takeIndex(index, { ...expected(), version: 2 })).index.version).toBe(2);
});

test("refuses an older one, older keys, and another district's", async () => {
  const { index } = await makePlan({ root, key, version: 1 });
  await expect(takeIndex(index, { ...expected(), version: 2 })).rejects.toThrow(PlanRefused);
  await expect(takeIndex(index, { ...expected(), keysIssuedAt: 101 })).rejects.toThrow(PlanRefused);
  const { index: theirs } = await makePlan({ root, key, district: "e" });
  await expect(takeIndex(theirs, expected())).rejects.toThrow(PlanRefused);
});

test("refuses a key set by another root, and a key past its time", async () => {
  const { index } = await makePlan({ root: await makeKey("root"), key });
  await expect(takeIndex(index, expected())).rejects.toThrow(BadSignature);
  const { index: old } = await makePlan({ root, key });
  await expect(takeIndex(old, { ...expected(), at: 10_000 })).rejects.toThrow(BadSignature);
});

async function host(files: Record<string, string>, asked: string[] = []) {
  return async (url: string) => {
    asked.push(url);
    const text = files[url];
    if (text === undefined) throw new Error("not there");
    return text;
  };
}

const trust = (): Trust => ({ district: "d", root_public: root.public, plan_hosts: ["https://a/plan", "https://b/plan/"], portal_name: "" });
const DOOR = { id: "d1", url: "https://d1" };
type How = { held?: HeldPlan | undefined; look?: number; doors?: (typeof DOOR)[] };
const wanted = (get: (url: string) => Promise<string>, { held, look = 0, doors = [] }: How = {}) =>
  ({ trust: trust(), doors, held, schools: [SCHOOL], at: 50, nowMs: 7, look, get });

/** The files of a plan as they lie at one source. */
async function at(source: string, made: { index: string; school: string }): Promise<Record<string, string>> {
  return { [`${source}/index.plan`]: made.index, [`${source}/${schoolPath(SCHOOL, await sha256Hex(made.school))}`]: made.school };
}
const A = "https://a/plan";
const B = "https://b/plan";
const AT_DOOR = "https://d1/plan";

test("takes the next host when the first is dead, and keeps nothing half", async () => {
  const made = await makePlan({ root, key });
  const found = await refreshPlan(wanted(await host(await at(B, made))));
  expect(found?.schools[0]?.sections?.[0]?.title).toBe("Math");
  expect(found?.savedAt).toBe(7);
  expect(await refreshPlan(wanted(await host({ [`${B}/index.plan`]: made.index })))).toBeUndefined();
});

test("takes the newest that any source has, doors too", async () => {
  const old = await makePlan({ root, key, version: 1 });
  const newer = await makePlan({ root, key, version: 3, title: "Newer" });
  const files = { ...(await at(A, old)), ...(await at(B, old)), ...(await at(AT_DOOR, newer)) };
  const found = await refreshPlan(wanted(await host(files), { doors: [DOOR] }));
  expect(found?.index.version).toBe(3);
  expect(found?.schools[0]?.sections?.[0]?.title).toBe("Newer");
});

test("with all plan hosts dead the doors have it", async () => {
  const found = await refreshPlan(wanted(await host(await at(AT_DOOR, await makePlan({ root, key }))), { doors: [DOOR], look: 1 }));
  expect(found?.index.version).toBe(1);
});

test("later looks ask a plan host and a door, in turn, and the rest only when those have nothing good", async () => {
  const made = await makePlan({ root, key });
  const doors = ["d1", "d2"].map((id) => ({ id, url: `https://${id}` }));
  const everywhere = Object.assign({}, ...(await Promise.all([A, B, "https://d1/plan", "https://d2/plan"].map((one) => at(one, made)))));
  const looked = async (look: number) => {
    const asked: string[] = [];
    await refreshPlan(wanted(await host(everywhere, asked), { doors, look }));
    return asked.filter((url) => url.endsWith("index.plan")).map((url) => url.replace("/plan/index.plan", ""));
  };
  expect(await looked(0)).toHaveLength(4);
  expect(await looked(1)).toEqual(["https://b", "https://d2"]);
  expect(await looked(2)).toEqual(["https://a", "https://d1"]);
});

test("a school's file may come from any source: the index names it by its digest", async () => {
  const made = await makePlan({ root, key });
  const { [`${B}/index.plan`]: _, ...school } = await at(B, made);
  const found = await refreshPlan(wanted(await host({ [`${A}/index.plan`]: made.index, ...school })));
  expect(found?.schools).toHaveLength(1);
});

const cut = (text: string, at: number) => text.slice(0, Math.floor(text.length * at));
const flip = (text: string) => text.slice(0, 40) + (text[40] === "A" ? "B" : "A") + text.slice(41);

test.each<[string, () => Promise<string>]>([
  ["forged: signed by another root", async () => (await makePlan({ root: await makeKey("root"), key: await makeKey("k1"), version: 9 })).index],
  ["forged: signed by another key under our kid", async () => (await makePlan({ root, key: { ...(await makeKey("k1")), public: key.public }, version: 9 })).index],
  ["altered in one letter", async () => flip((await makePlan({ root, key, version: 9 })).index)],
  ["cut in the middle", async () => cut((await makePlan({ root, key, version: 9 })).index, 0.5)],
  ["cut near its end", async () => cut((await makePlan({ root, key, version: 9 })).index, 0.99)],
  ["empty", async () => ""],
  ["a stranger's page", async () => "<html>Welcome to our Wi-Fi</html>"],
  ["older than the one held", async () => (await makePlan({ root, key, version: 1 })).index],
  ["with older keys", async () => (await makePlan({ root, key, version: 9, issuedAt: 99 })).index],
  ["another district's", async () => (await makePlan({ root, key, version: 9, district: "e" })).index],
  ["a school's plan in the index's place", async () => (await makePlan({ root, key, version: 9 })).school],
])("refuses an index that is %s, and keeps the last good one", async (_what, bad) => {
  const good = await makePlan({ root, key, version: 2 });
  const held = (await refreshPlan(wanted(await host(await at(A, good)))))!;
  const index = await bad();
  const only = await host({ [`${A}/index.plan`]: index, [`${B}/index.plan`]: index });
  expect(await refreshPlan(wanted(only, { held }))).toBeUndefined();
  const beside = await host({ [`${A}/index.plan`]: index, ...(await at(B, good)) });
  expect((await refreshPlan(wanted(beside, { held })))?.index.version).toBe(2);
});

test("refuses a school's plan that the index does not name", async () => {
  const made = await makePlan({ root, key });
  const swapped = await makePlan({ root, key, title: "Swapped" });
  const path = schoolPath(SCHOOL, await sha256Hex(made.school));
  const files = { [`${A}/index.plan`]: made.index, [`${A}/${path}`]: swapped.school };
  expect(await refreshPlan(wanted(await host(files)))).toBeUndefined();
});

test("does not fetch a school's plan again that has not changed", async () => {
  const made = await makePlan({ root, key });
  const asked: string[] = [];
  const get = await host(await at(A, made), asked);
  const held = (await refreshPlan(wanted(get)))!;
  expect(await refreshPlan(wanted(get, { held, look: 1 }))).toMatchObject({ schools: held.schools });
  expect(asked.filter((url) => url.includes("school/"))).toHaveLength(1);
});

test("a file a hundred times too large is not read to its end", async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull(to) {
      sent += 2 ** 20;
      to.enqueue(new Uint8Array(2 ** 20));
    },
  });
  vi.stubGlobal("fetch", async () => new Response(endless));
  await expect(getText("https://a/plan/index.plan")).rejects.toThrow("too large");
  expect(sent).toBeLessThan(3 * PLAN_AT_MOST_BYTES);
});
