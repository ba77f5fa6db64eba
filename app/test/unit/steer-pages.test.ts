import { describe, expect, it } from "vitest";
import { Chairs, pageAt, pageSize, pagesOf } from "../../src/live/steer/pages";

const chair = (key: string, always = false) => ({ key, always });
const many = (count: number) => Array.from({ length: count }, (_, index) => chair(`s${index}`));

describe("pages of the gallery", () => {
  it("holds 49, 25, 12 or 6 faces by the window", () => {
    expect(pageSize(1920, 1080)).toBe(49);
    expect(pageSize(1366, 768)).toBe(25);
    expect(pageSize(1024, 768)).toBe(12);
    expect(pageSize(768, 1024)).toBe(12);
    expect(pageSize(390, 844)).toBe(6);
    expect(pageSize(844, 390)).toBe(6);
  });

  it("has everybody once, and herself and who is pinned on every page", () => {
    const seats = [chair("me", true), ...many(60), chair("signs", true)];
    const pages = pagesOf(seats, 25);
    expect(pages).toHaveLength(3);
    for (const page of pages) {
      expect(page.length).toBeLessThanOrEqual(25);
      expect(page.map(({ key }) => key)).toEqual(expect.arrayContaining(["me", "signs"]));
    }
    const others = pages.flat().filter(({ always }) => !always);
    expect(others.map(({ key }) => key)).toEqual(many(60).map(({ key }) => key));
  });

  it("is one page for nobody, and for 49", () => {
    expect(pagesOf([], 25)).toEqual([[]]);
    expect(pagesOf(many(49), 49)).toHaveLength(1);
    expect(pagesOf(many(50), 49)).toHaveLength(2);
  });

  it("still shows somebody when more are pinned than fit", () => {
    const pages = pagesOf([...many(3).map(({ key }) => chair(key, true)), chair("x"), chair("y")], 2);
    expect(pages.map((page) => page.at(-1)?.key)).toEqual(["x", "y"]);
  });

  it("stays on a page that there is", () => {
    expect(pageAt(5, 2)).toBe(1);
    expect(pageAt(-1, 2)).toBe(0);
    expect(pageAt(0, 0)).toBe(0);
  });
});

describe("chairs", () => {
  const one = (sub: string, kept = true) => ({ sub, name: sub.toUpperCase(), kept });

  it("keeps the place of who leaves, until she is back", () => {
    const chairs = new Chairs();
    expect(chairs.see([one("a"), one("b")])).toEqual([]);
    expect(chairs.see([one("b")])).toEqual([{ sub: "a", name: "A" }]);
    expect(chairs.see([])).toEqual([{ sub: "a", name: "A" }, { sub: "b", name: "B" }]);
    expect(chairs.see([one("a"), one("b")])).toEqual([]);
  });

  it("keeps none for guests", () => {
    const chairs = new Chairs();
    chairs.see([one("duty", false)]);
    expect(chairs.see([])).toEqual([]);
  });
});
