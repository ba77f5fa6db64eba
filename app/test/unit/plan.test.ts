import { beforeAll, expect, test } from "vitest";
import type { HeldPlan, Trust } from "../../src/keep/kept";
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
const wanted = (get: (url: string) => Promise<string>, held?: HeldPlan) => ({ trust: trust(), held, schools: [SCHOOL], at: 50, nowMs: 7, get });

test("takes the next host when the first is dead, and keeps nothing half", async () => {
  const made = await makePlan({ root, key });
  const path = schoolPath(SCHOOL, await sha256Hex(made.school));
  const good = { "https://b/plan/index.plan": made.index, [`https://b/plan/${path}`]: made.school };
  const found = await refreshPlan(wanted(await host(good)));
  expect(found?.schools[0]?.sections?.[0]?.title).toBe("Math");
  expect(found?.savedAt).toBe(7);
  expect(await refreshPlan(wanted(await host({ "https://b/plan/index.plan": made.index })))).toBeUndefined();
});

test("refuses a school's plan that the index does not name", async () => {
  const made = await makePlan({ root, key });
  const swapped = await makePlan({ root, key, title: "Swapped" });
  const path = schoolPath(SCHOOL, await sha256Hex(made.school));
  const files = { "https://a/plan/index.plan": made.index, [`https://a/plan/${path}`]: swapped.school };
  expect(await refreshPlan(wanted(await host(files)))).toBeUndefined();
});

test("does not fetch a school's plan again that has not changed", async () => {
  const made = await makePlan({ root, key });
  const path = schoolPath(SCHOOL, await sha256Hex(made.school));
  const asked: string[] = [];
  const get = await host({ "https://a/plan/index.plan": made.index, [`https://a/plan/${path}`]: made.school }, asked);
  const first = await refreshPlan(wanted(get));
  expect(await refreshPlan(wanted(get, first))).toMatchObject({ schools: first!.schools });
  expect(asked.filter((url) => url.includes("school/"))).toHaveLength(1);
});
