import { expect, test } from "vitest";
import { nextPage } from "../../src/lib/route";

const HERE = "https://school.example";
const next = (value: string) => nextPage(`?${new URLSearchParams({ next: value })}`, HERE);

test("goes back to a page of the office", () => {
  expect(next("/office/rosters/?q=1#a")).toBe("/office/rosters/?q=1#a");
});

test.each([
  "https://evil.example/office/", "//evil.example/office/", "/\\evil.example/office/", "/office/\\evil.example",
  "javascript:alert(1)", "/api/me", "/", "", "office/", "/officer/", "/office/../api/me",
])("goes nowhere else: %s", (value) => {
  expect(next(value)).toBeNull();
});
