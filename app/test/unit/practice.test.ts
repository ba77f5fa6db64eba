import { expect, test } from "vitest";
import { readNote } from "../../src/live/practice/note";
import { isPractice } from "../../src/plan/practice";

const nameOf = (sub: string): string | undefined => ({ a: "Ada Practice" })[sub];

test("a note is told of somebody in this class only, and by known words", () => {
  expect(readNote({ sub: "a", does: "lost" }, nameOf)).toEqual({ key: "practice_lost", name: "Ada Practice" });
  for (const bad of [null, 4, {}, { sub: "a" }, { sub: "b", does: "lost" }, { sub: "a", does: "dances" }, { sub: 1, does: "lost" }])
    expect(readNote(bad, nameOf)).toBeNull();
});

test("no meeting of the plan is a practice class", () => {
  expect(isPractice("practice-xfkgypfg48jc")).toBe(true);
  expect(isPractice("xfkgypfg48jc")).toBe(false);
});
