import { describe, expect, it } from "vitest";
import { allowedFor } from "../../src/live/steer/camera-scope";
import { hasIt, mayOf, permissionOf, type Said } from "../../src/live/steer/permissions";
import { outOf, REMOVED } from "../../src/live/steer/steer-rules";

const said = (changed: Partial<Said> = {}): Said => ({
  frozen: false, locked: false, microphones: "open", cameras: "class", maySpeak: [], admitted: [], sharers: [], ...changed,
});
const FROM_TOKEN = { canSubscribe: true, canPublish: true, canPublishData: true, canPublishSources: [1, 2] };

describe("what a student's device may do", () => {
  it("is what her token says while nothing is closed: no call is needed", () => {
    expect(hasIt(FROM_TOKEN, permissionOf(mayOf(said(), "a")))).toBe(true);
    expect(hasIt({ ...FROM_TOKEN, canPublishSources: [2, 1] }, permissionOf(mayOf(said(), "a")))).toBe(true);
  });

  it("is nothing while frozen, for those who may speak too, and data still flows", () => {
    const wanted = permissionOf(mayOf(said({ frozen: true, microphones: "closed", maySpeak: ["a"] }), "a"));
    expect(wanted).toEqual({ canSubscribe: true, canPublish: false, canPublishData: true, canPublishSources: [] });
    expect(hasIt(FROM_TOKEN, wanted)).toBe(false);
    expect(hasIt({ ...FROM_TOKEN, canPublish: false }, wanted)).toBe(true);
  });

  it("is no microphone when they are closed, but for whom the teacher lets speak", () => {
    const closed = said({ microphones: "closed", maySpeak: ["a"] });
    expect(mayOf(closed, "a").microphone).toBe(true);
    expect(permissionOf(mayOf(closed, "b")).canPublishSources).toEqual(["CAMERA"]);
    expect(hasIt(FROM_TOKEN, permissionOf(mayOf(closed, "b")))).toBe(false);
  });

  it("is a screen with the teacher's leave only, and not while frozen", () => {
    const asked = said({ sharers: ["a"] });
    expect(permissionOf(mayOf(asked, "a")).canPublishSources).toEqual(["CAMERA", "MICROPHONE", "SCREEN_SHARE", "SCREEN_SHARE_AUDIO"]);
    expect(hasIt({ ...FROM_TOKEN, canPublishSources: [1, 2, 3, 4] }, permissionOf(mayOf(asked, "a")))).toBe(true);
    expect(permissionOf(mayOf(asked, "b")).canPublishSources).toEqual(["CAMERA", "MICROPHONE"]);
    expect(mayOf(said({ sharers: ["a"], frozen: true }), "a").screen).toBe(false);
  });

  it("never leaves an empty list of sources with the right to publish: the live server reads that as all", () => {
    for (const frozen of [true, false])
      for (const microphones of ["open", "closed"] as const)
        for (const cameras of ["class", "teacher", "closed"] as const)
          for (const locked of [true, false]) {
            const { canPublish, canPublishSources } = permissionOf(mayOf(said({ frozen, microphones, cameras, locked }), "a"));
            expect(canPublish).toBe(canPublishSources.length > 0);
          }
  });

  it("is to wait when the class is locked and nobody let her in", () => {
    const locked = said({ locked: true, admitted: ["a"] });
    expect(mayOf(locked, "a").waits).toBe(false);
    expect(permissionOf(mayOf(locked, "b"))).toEqual({ canSubscribe: false, canPublish: false, canPublishData: false, canPublishSources: [] });
  });

  it("is not known to be right before the server has told", () => {
    expect(hasIt(undefined, permissionOf(mayOf(said(), "a")))).toBe(false);
  });
});

describe("a picture for the teacher only", () => {
  it("goes to grown-ups, the sound to all, and nothing to whoever is not named", () => {
    const allowed = allowedFor([{ identity: "t.1", adult: true }, { identity: "s.1", adult: false }], ["TR_mic"]);
    expect(allowed).toEqual([
      { participantIdentity: "t.1", allowAll: true },
      { participantIdentity: "s.1", allowAll: false, allowedTrackSids: ["TR_mic"] },
    ]);
    expect(allowedFor([], ["TR_mic"])).toEqual([]);
  });
});

describe("removals", () => {
  it("are read strictly", () => {
    const good = { sub: "a", event: "e", back: false };
    expect(REMOVED.read([{ ...good, more: 1 }])).toEqual([good]);
    for (const bad of [null, {}, "a", [1], [{ ...good, back: "no" }], [{ sub: "a", back: false }]]) expect(REMOVED.read(bad)).toBeNull();
  });

  it("name who is out now", () => {
    expect(outOf([{ sub: "a", event: "1", back: false }, { sub: "b", event: "2", back: true }])).toEqual(new Set(["a"]));
  });
});
