import "fake-indexeddb/auto";
import { describe, expect, it } from "vitest";
import { fit, HEIGHT, places, WIDTH } from "../../src/live/record/video/layout";
import { FULL_BYTES, NEARLY_FULL_BYTES, ON_DEVICE_AT_MOST_BYTES, roomFor } from "../../src/live/record/video/room-left";
import { RECORDING } from "../../src/live/record/video/rule";
import { mayBeRecorded } from "../../src/live/record/video/who";

describe("who is recorded", () => {
  it("is every grown-up, by the signed role", () => {
    for (const role of ["teacher", "aide", "duty", "interpreter"]) expect(mayBeRecorded(role, undefined)).toBe(true);
  });
  it("is a student only when her family said yes", () => {
    expect(mayBeRecorded("student", { may_record: true })).toBe(true);
    expect(mayBeRecorded("student", { may_record: false })).toBe(false);
    expect(mayBeRecorded("student", {})).toBe(false);
    expect(mayBeRecorded("student", undefined)).toBe(false);
  });
  it("is nobody of whom nothing is known", () => {
    expect(mayBeRecorded(undefined, undefined)).toBe(false);
    expect(mayBeRecorded("observer", undefined)).toBe(false);
    expect(mayBeRecorded("headmaster", undefined)).toBe(false);
  });
});

describe("the picture", () => {
  it("gives the large place all of it without faces, and has room for four", () => {
    expect(places(0)).toEqual({ main: { x: 0, y: 0, width: WIDTH, height: HEIGHT }, faces: [] });
    const { main, faces } = places(9);
    expect(faces).toHaveLength(4);
    for (const face of faces) expect(face.x).toBe(main.width);
    expect(faces.at(-1)!.y + faces.at(-1)!.height).toBe(HEIGHT);
  });
  it("keeps the shape of what it shows", () => {
    const place = fit({ width: 100, height: 200 }, { x: 0, y: 0, width: 400, height: 400 });
    expect(place).toEqual({ x: 100, y: 0, width: 200, height: 400 });
  });
});

describe("room on the device", () => {
  it("is told in time, and has an end of its own", () => {
    const lots = Number.POSITIVE_INFINITY;
    expect(roomFor({ free: lots, held: 0 })).toBe("enough");
    expect(roomFor({ free: NEARLY_FULL_BYTES - 1, held: 0 })).toBe("nearly_full");
    expect(roomFor({ free: FULL_BYTES - 1, held: 0 })).toBe("full");
    expect(roomFor({ free: lots, held: ON_DEVICE_AT_MOST_BYTES })).toBe("full");
  });
});

describe("the sign's rule", () => {
  it("takes its own form and no other", () => {
    expect(RECORDING.read({ on: true, since: 1, by: "a.b", more: 1 })).toEqual({ on: true, since: 1, by: "a.b" });
    for (const bad of [null, {}, { on: 1, since: 1, by: "" }, { on: true, since: "1", by: "" }, []]) expect(RECORDING.read(bad)).toBeNull();
  });
});
