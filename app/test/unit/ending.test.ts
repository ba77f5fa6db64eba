import { describe, expect, it } from "vitest";
import { ENDED, MOVED } from "../../src/live/ending/rules";

describe("the rules of moving and ending", () => {
  it("take their own form and no other", () => {
    const moved = { kind: "zoom", url: "https://zoom.us/j/1", label: "", at: 1, by: "a.b" };
    expect(MOVED.read({ ...moved, more: 1 })).toEqual(moved);
    for (const bad of [null, "zoom", { ...moved, kind: "elsewhere" }, { ...moved, url: 1 }, { ...moved, at: "1" }]) expect(MOVED.read(bad)).toBeNull();
    expect(ENDED.read(5)).toBe(5);
    for (const bad of [null, "5", -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(ENDED.read(bad)).toBeNull();
  });
});
