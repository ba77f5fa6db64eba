import { expect, test } from "vitest";
import { ServerClock } from "../../src/lib/clock";

function world(deviceAt: number) {
  const at = { device: deviceAt, ticks: 0 };
  const kept = new Map<string, string>();
  const stored = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  const make = () => new ServerClock({ device: () => at.device, ticks: () => at.ticks, stored });
  const pass = (ms: number) => {
    at.device += ms;
    at.ticks += ms;
  };
  return { at, make, pass };
}

const NOON = 1_800_000_000_000;
const TWO_DAYS = 2 * 86_400_000;

test("a device that is days off shows the servers' time", () => {
  const { make, pass } = world(NOON - TWO_DAYS);
  const clock = make();
  const sent = clock.ticks();
  pass(100);
  clock.heard(NOON, sent);
  expect(clock.now()).toBe(NOON + 50); // half the round trip
  pass(60_000);
  expect(clock.now()).toBe(NOON + 60_050);
});

test("keeps the offset for a start without a line", () => {
  const { make, pass } = world(NOON - TWO_DAYS);
  make().heard(NOON, 0);
  pass(5_000);
  expect(make().now()).toBe(NOON + 5_000);
});

test("setting the device's clock back changes nothing", () => {
  const { at, make } = world(NOON);
  const clock = make();
  clock.heard(NOON, 0);
  at.device -= TWO_DAYS;
  at.ticks += 1_000;
  expect(clock.now()).toBe(NOON + 1_000);
});

test("after a sleep, in which ticks stood still, the device's clock counts", () => {
  const { at, make } = world(NOON);
  const clock = make();
  clock.heard(NOON, 0);
  at.device += 3_600_000;
  expect(clock.now()).toBe(NOON + 3_600_000);
});

test("a very slow answer does not spoil a good measure", () => {
  const { make, pass } = world(NOON);
  const clock = make();
  clock.heard(NOON, 0);
  const sent = clock.ticks();
  pass(20_000);
  clock.heard(NOON + 100, sent);
  expect(clock.now()).toBe(NOON + 20_000);
});

test("a slower answer that agrees leaves the clock as it is; one that does not agree sets it", () => {
  const { make, pass } = world(NOON);
  const clock = make();
  const ask = (roundTrip: number, serverAt: number): number => {
    const sent = clock.ticks();
    pass(roundTrip);
    clock.heard(serverAt, sent);
    return clock.now();
  };
  expect(ask(100, NOON + 50)).toBe(NOON + 100);
  expect(ask(3_000, NOON + 100), "all of it on the way back").toBe(NOON + 3_100);
  expect(ask(20, NOON + 3_115), "a quicker one knows better").toBe(NOON + 3_125);
  expect(ask(1_000, NOON + 9_000), "it has drifted").toBe(NOON + 9_500);
  expect(ask(400, NOON + 9_600), "of the last it is set by").toBe(NOON + 9_800);
});

test("what is kept after a slower answer is what the device's clock is off now", () => {
  const { at, make } = world(NOON);
  const clock = make();
  clock.heard(NOON, 0);
  at.device -= TWO_DAYS;
  at.ticks += 1_000;
  clock.heard(NOON + 500, 0);
  expect(make().now()).toBe(NOON + 1_000);
});
