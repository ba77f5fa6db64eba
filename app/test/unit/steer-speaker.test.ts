import { describe, expect, it } from "vitest";
import { Speaker, SPEAKS_MS, STAYS_MS } from "../../src/live/steer/speaker";

const HERE = ["a", "b", "c"];

/** Let these speak from `from` to `to`, looked at every 300 ms; returns who is large at the end. */
function hear(speaker: Speaker, who: string[], from: number, to: number): string {
  let large = "";
  for (let at = from; at <= to; at += 300) large = speaker.see(who, HERE, at);
  return large;
}

describe("who is large", () => {
  it("is nobody for a cough", () => {
    const speaker = new Speaker();
    expect(hear(speaker, ["a"], 0, 600)).toBe("");
    expect(hear(speaker, [], 900, 3_000)).toBe("");
  });

  it("is who speaks for a while, also with a breath between", () => {
    const speaker = new Speaker();
    hear(speaker, ["a"], 0, 600);
    expect(speaker.see([], HERE, 900)).toBe("");
    expect(hear(speaker, ["a"], 1_200, 1_500)).toBe("a");
  });

  it("stays when she falls silent, until somebody else speaks", () => {
    const speaker = new Speaker();
    hear(speaker, ["a"], 0, SPEAKS_MS);
    expect(hear(speaker, [], SPEAKS_MS, 60_000)).toBe("a");
    expect(hear(speaker, ["b"], 60_000, 60_000 + SPEAKS_MS)).toBe("b");
  });

  it("does not jump between two who talk at once", () => {
    const speaker = new Speaker();
    hear(speaker, ["a"], 0, 1_500);
    expect(hear(speaker, ["a", "b"], 1_500, 20_000)).toBe("a");
  });

  it("holds its place for some seconds", () => {
    const speaker = new Speaker();
    expect(hear(speaker, ["a"], 0, 1_200)).toBe("a");
    expect(hear(speaker, ["b"], 1_500, 1_200 + STAYS_MS - 300)).toBe("a");
    expect(hear(speaker, ["b"], 1_200 + STAYS_MS, 1_200 + STAYS_MS + 300)).toBe("b");
  });

  it("is nobody who left", () => {
    const speaker = new Speaker();
    hear(speaker, ["a"], 0, 1_500);
    expect(speaker.see([], ["b", "c"], 1_800)).toBe("");
  });
});
