import { describe, expect, it } from "vitest";
import { columnsFor } from "../../src/live/columns";

describe("columns of faces", () => {
  it("gives few people large pictures and a class of 49 seven columns", () => {
    expect([1, 2, 4, 5, 9, 10, 30, 49, 60].map((count) => columnsFor(count, false))).toEqual([1, 2, 2, 3, 3, 4, 6, 7, 7]);
  });
  it("keeps students small below a large teacher", () => {
    expect([0, 1, 9, 30].map((count) => columnsFor(count, true))).toEqual([4, 4, 4, 6]);
  });
});
