import { expect, test } from "vitest";
import { ADULT_GONE_AFTER_MS, callAfterMs, callsByItself, Supervision } from "../../src/live/supervision";
import { seeded } from "./seeded";

test("it is quiet until a grown-up comes, also before the bell", () => {
  const supervision = new Supervision();
  expect(supervision.see({ adult: false, lineOpen: false, nowMs: 0 })).toBe(true);
  expect(supervision.see({ adult: false, lineOpen: true, nowMs: 500 })).toBe(true);
  expect(supervision.hadAdult).toBe(false);
  expect(supervision.see({ adult: true, lineOpen: true, nowMs: 1_000 })).toBe(false);
  expect(supervision.hadAdult).toBe(true);
});

test("a grown-up who is away for less than 10 s is not gone; then it is quiet until one is back", () => {
  const supervision = new Supervision();
  supervision.see({ adult: true, lineOpen: true, nowMs: 0 });
  expect(supervision.see({ adult: false, lineOpen: true, nowMs: 9_999 })).toBe(false);
  expect(supervision.see({ adult: false, lineOpen: true, nowMs: 10_000 })).toBe(true);
  expect(supervision.see({ adult: true, lineOpen: true, nowMs: 30_000 })).toBe(false);
  expect(supervision.aloneForMs(30_000)).toBe(0);
});

test("how long it has been alone counts from when this device saw so itself", () => {
  const supervision = new Supervision();
  supervision.see({ adult: true, lineOpen: true, nowMs: 0 });
  supervision.see({ adult: false, lineOpen: false, nowMs: 5_000 });
  expect(supervision.aloneForMs(60_000)).toBe(0);
  supervision.see({ adult: false, lineOpen: true, nowMs: 20_000 });
  expect(supervision.aloneForMs(60_000)).toBe(40_000);
});

test("whatever happens: never quiet with a grown-up in sight, always quiet 10 s after the last one", () => {
  const random = seeded(21);
  for (let run = 0; run < 200; run++) {
    const supervision = new Supervision();
    let nowMs = 0;
    let lastAdult: number | null = null;
    for (let step = 0; step < 100; step++) {
      nowMs += random() * 3_000;
      const lineOpen = random() < 0.8;
      const adult = random() < 0.3;
      const quiet = supervision.see({ adult, lineOpen, nowMs });
      if (adult && lineOpen) lastAdult = nowMs;
      expect(quiet).toBe(lastAdult === null || nowMs - lastAdult >= ADULT_GONE_AFTER_MS);
    }
  }
});

const alone = { aloneForMs: 65_000, afterMs: 62_000, running: true, called: false, me: "b.1", others: ["c.1", "d.1"] };

test.each([
  ["after a minute alone the first device calls", {}, true],
  ["earlier nobody", { aloneForMs: 61_999 }, false],
  ["not before the bell, not after the class", { running: false }, false],
  ["once", { called: true }, false],
  ["another device is first", { others: ["a.1", "c.1"] }, false],
  ["a child who is all alone calls too", { others: [] }, true],
])("the class calls by itself: %s", (_what, changed, calls) => {
  expect(callsByItself({ ...alone, ...changed })).toBe(calls);
});

test("of any class exactly one device calls", () => {
  const random = seeded(8);
  for (let run = 0; run < 100; run++) {
    const all = Array.from({ length: 1 + Math.floor(random() * 30) }, (_, i) => `${random().toString(36)}${i}.d`);
    const calling = all.filter((me) => callsByItself({ ...alone, me, others: all.filter((other) => other !== me) }));
    expect(calling).toHaveLength(1);
  }
});

test("devices wait a minute and up to ten seconds more", () => {
  expect(callAfterMs(() => 0)).toBe(60_000);
  expect(callAfterMs(() => 0.999)).toBeLessThan(70_000);
});
