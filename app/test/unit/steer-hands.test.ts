import { describe, expect, it } from "vitest";
import { glanceOf, whereIs } from "../../src/class-list/where";
import { Hands } from "../../src/live/hands";
import { readHandsDown } from "../../src/live/messages";
import { Reactions, readReaction, SHOWN_MS } from "../../src/live/steer/reactions";

describe("the queue of hands", () => {
  it("is in the order of raising, and says which is new", () => {
    const hands = new Hands();
    expect(hands.raise("b", { saidAt: 0, nowMs: 1, justCame: false })).toBe(true);
    expect(hands.raise("a", { saidAt: 0, nowMs: 2, justCame: false })).toBe(true);
    expect(hands.raise("b", { saidAt: 0, nowMs: 3, justCame: false })).toBe(false);
    expect(hands.up.value).toEqual(["b", "a"]);
    hands.lower("b");
    hands.raise("b", { saidAt: 0, nowMs: 4, justCame: false });
    expect(hands.up.value).toEqual(["a", "b"]);
  });

  it("is lowered by a list of persons only", () => {
    expect(readHandsDown({ subs: ["a", 1, null, "", "b"] })).toEqual(["a", "b"]);
    for (const bad of [null, "a", { subs: "a" }, {}]) expect(readHandsDown(bad)).toEqual([]);
    expect(readHandsDown({ subs: Array(5_000).fill("a") }).length).toBeLessThanOrEqual(200);
  });
});

describe("reactions", () => {
  it("are six, and nothing else is one", () => {
    expect(readReaction({ kind: "clap" })).toBe("clap");
    for (const bad of [null, "clap", { kind: "bomb" }, { kind: 1 }]) expect(readReaction(bad)).toBeNull();
  });

  it("count one a second from each, and float for five seconds", () => {
    const reactions = new Reactions();
    expect(reactions.take("a", "clap", 0)).toBe(true);
    expect(reactions.take("a", "like", 999)).toBe(false);
    expect(reactions.take("b", "clap", 999)).toBe(true);
    expect(reactions.take("a", "like", 1_000)).toBe(true);
    expect([...reactions.totals]).toEqual([["clap", 2], ["like", 1]]);
    expect(reactions.shown(1_000)).toEqual(new Map([["a", "like"], ["b", "clap"]]));
    expect(reactions.shown(999 + SHOWN_MS)).toEqual(new Map([["a", "like"]]));
  });
});

describe("where a student is", () => {
  const nobody = new Set<string>();
  const known = { away: nobody, seen: nobody, groups: new Map<string, number>(), out: nobody, waiting: nobody };
  const row = { sub: "a", live: false, arrivedAt: 0 };

  it("is one word", () => {
    const a = new Set(["a"]);
    expect(whereIs(row, known).kind).toBe("not_yet");
    expect(whereIs({ ...row, arrivedAt: 5 }, known).kind).toBe("trying");
    expect(whereIs({ ...row, arrivedAt: 5, live: true }, known).kind).toBe("here");
    expect(whereIs({ ...row, live: true }, { ...known, away: a }).kind).toBe("away");
    expect(whereIs({ ...row, arrivedAt: 5 }, { ...known, seen: a, away: a }).kind).toBe("left");
    expect(whereIs(row, { ...known, seen: a, groups: new Map([["a", 2]]) })).toEqual({ kind: "group", values: { group: 2 } });
    expect(whereIs({ ...row, live: true }, { ...known, out: a }).kind).toBe("out");
    expect(whereIs({ ...row, arrivedAt: 5 }, { ...known, waiting: a }).kind).toBe("waiting");
  });

  it("is counted at a glance, each once", () => {
    const rows = ["a", "b", "c", "d", "e", "f"].map((sub) => ({ sub, live: sub < "c", arrivedAt: sub === "e" ? 5 : 0 }));
    const now = { ...known, groups: new Map([["c", 1]]), waiting: new Set(["d"]), away: new Set(["a"]) };
    expect(glanceOf(rows, now)).toEqual({ class: 2, group: 1, waiting: 1, trying: 1, not_here: 1 });
  });
});
