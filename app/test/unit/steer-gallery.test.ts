import { describe, expect, it } from "vitest";
import { isWanted } from "../../src/live/pictures";
import { type Asked, galleryOf } from "../../src/live/steer/gallery";
import type { Tile } from "../../src/live/tiles";

const LARGE = { width: 1920, height: 1080 };
const member = (index: number): string => `s${String(index).padStart(2, "0")}`;
const tile = (sub: string, more: Partial<Tile> = {}): Tile => ({
  devices: [`${sub}.d1`], face: `${sub}.d1`, sub, name: `Name ${sub}`, role: "student", self: false, speaking: false, microphone: true, camera: null, cameraOn: true,
  toTeacher: false, waits: false, screen: null, ...more,
});
const SIXTY = Array.from({ length: 60 }, (_, index) => tile(member(index)));
const TEACHER = tile("teacher", { role: "teacher", self: true });

/** A class of 60 as its teacher sees it, with what is different. */
const seen = (more: Partial<Asked> = {}) =>
  galleryOf({
    shown: [TEACHER, ...SIXTY], left: [], members: SIXTY.map(({ sub }) => ({ id: sub })), pinned: [], hands: [], beside: false, view: "gallery",
    speaker: "", window: LARGE, wanted: 0, ...more,
  });
const subs = (gallery: ReturnType<typeof galleryOf>): string[] => gallery.faces.map(({ sub }) => sub);

describe("the gallery of a class of 60", () => {
  it("shows 49 faces on the first page, the others on the second, nobody twice but herself", () => {
    const [first, second] = [seen(), seen({ wanted: 1 })];
    expect([first.faces.length, first.columns, first.pages]).toEqual([49, 7, 2]);
    expect(second.faces.length).toBe(1 + 60 - 48);
    expect([...subs(first), ...subs(second)].filter((sub) => sub !== "teacher")).toEqual(SIXTY.map(({ sub }) => sub));
    expect(subs(second)).toContain("teacher");
    expect(new Set([...first.faces, ...second.faces].map(({ name }) => name)).size).toBe(61);
  });

  it("tells on the first page of a hand that is up on the second, and the other way round", () => {
    const hands = [member(55), member(3), member(57)];
    expect(seen({ hands })).toMatchObject({ handsBefore: 0, handsAfter: 2 });
    expect(seen({ hands, wanted: 1 })).toMatchObject({ handsBefore: 1, handsAfter: 0 });
    expect(seen({ hands: [] })).toMatchObject({ handsBefore: 0, handsAfter: 0 });
    // Her own face is on every page, and her hand with it.
    expect(seen({ hands: ["teacher"] })).toMatchObject({ handsBefore: 0, handsAfter: 0 });
  });

  it("keeps every seat when people leave, come back, speak or raise a hand", () => {
    const before = [subs(seen()), subs(seen({ wanted: 1 }))];
    const gone = new Set([member(2), member(30), member(59)]);
    const shown = [TEACHER, ...SIXTY.filter(({ sub }) => !gone.has(sub))].map((one) => ({ ...one, speaking: one.sub === member(50) }));
    const left = [...gone].map((sub) => ({ sub, name: `Name ${sub}` }));
    const after = [0, 1].map((wanted) => subs(seen({ shown, left, hands: [member(50)], wanted })));
    expect(after).toEqual(before);
    expect(seen({ shown, left }).faces.filter((chair) => chair.tile === null).map(({ sub }) => sub)).toEqual([member(2), member(30)]);
  });

  it("shows a strip beside a stage, and who speaks large in the speaker's view", () => {
    const slides = seen({ beside: true });
    expect([slides.strip, slides.large, slides.faces.length]).toEqual([true, [], 7]);
    const speaker = seen({ view: "speaker", speaker: member(52) });
    expect(speaker.large.map(({ sub }) => sub)).toEqual([member(52)]);
    expect(speaker.strip).toBe(true);
    expect(subs(speaker)).not.toContain(member(52));
  });
});

describe("whose picture is received", () => {
  const [page, only] = [new Set(["a.d1"]), new Set(["signs"])];

  it("is that of who is on the page, and with the data saver of who is pinned alone", () => {
    expect(isWanted("a.d1", null, null)).toBe(true);
    expect(isWanted("a.d1", page, null)).toBe(true);
    expect(isWanted("b.d1", page, null)).toBe(false);
    expect(isWanted("a.d1", page, only)).toBe(false);
    expect(isWanted("signs.d2", page, only)).toBe(true);
    expect(isWanted("a.d1", null, new Set())).toBe(false);
  });
});
