import { expect, test } from "vitest";
import { RetryBudget, Throttle } from "../../src/door/restraint";

function throttled(random = 0.5) {
  const at = { ticks: 0 };
  const throttle = new Throttle(() => at.ticks, () => random);
  const ask = (count: number, accepted: boolean) => {
    for (let i = 0; i < count; i++) {
      const took = throttle.ask("d1");
      if (accepted) took();
    }
  };
  return { throttle, ask, at };
}

test("p = max(0, (requests - 2 x accepts) / (requests + 1)), for each door apart", () => {
  const { throttle, ask } = throttled();
  expect(throttle.dropShare("d1")).toBe(0);
  ask(10, true);
  ask(10, false);
  expect(throttle.dropShare("d1")).toBe(0);
  ask(19, false);
  expect(throttle.dropShare("d1")).toBe(19 / 40);
  expect(throttle.dropShare("d2")).toBe(0);
});

test("what is dropped here counts as asked, and two minutes later nothing is held against a door", () => {
  const { throttle, ask, at } = throttled(0);
  ask(1, false);
  expect(throttle.drops("d1")).toBe(true);
  expect(throttle.dropShare("d1")).toBe(2 / 3);
  at.ticks = 120_001;
  expect(throttle.drops("d1")).toBe(false);
});

test("ten successes earn one retry, and no more than three are saved up", () => {
  const budget = new RetryBudget();
  for (let i = 0; i < 9; i++) budget.success();
  expect(budget.take(1)).toBe(0);
  budget.success();
  expect(budget.take(3)).toBe(1);
  for (let i = 0; i < 500; i++) budget.success();
  expect(budget.take(10)).toBe(3);
  expect(budget.take(1)).toBe(0);
});
