import { describe, expect, it } from "vitest";
import type { BundleSection, SchoolPlan } from "../../src/contracts";
import { adultRole } from "../../src/live/adults";
import { guestRole, looksAfter } from "../../src/live/roles/roles";
import { mayModerate } from "../../src/live/seat-token";
import { sittings } from "../../src/plan/day";

const seat = (video: object) => ({ node: "n", url: "ws://n", identity: "a.b", token: `x.${btoa(JSON.stringify({ video }))}.y` });

describe("roles in class", () => {
  it("a guest leads nobody, and supervision counts none", () => {
    for (const role of ["interpreter", "observer"] as const) {
      expect(looksAfter(role)).toBe(false);
      expect(adultRole({ role })).toBeNull();
      expect(guestRole({ role })).toBe(role);
    }
    expect(["teacher", "aide"].every((role) => looksAfter(role as "teacher"))).toBe(true);
    expect(guestRole({ role: "student" })).toBeNull();
  });

  it("moderates at the live server only with the seat's own word", () => {
    expect(mayModerate(seat({ roomAdmin: true }))).toBe(true);
    expect(mayModerate(seat({ roomAdmin: false }))).toBe(false);
    expect(mayModerate(seat({}))).toBe(false);
    expect(mayModerate(null)).toBe(false);
  });

  it("whoever comes for a day has the classes of this day", () => {
    const meeting = (id: string, starts_at: number) => ({ id, period: "1", starts_at, ends_at: starts_at + 60, nodes: [] });
    const plan = {
      org: "o", name: "O", time_zone: "America/New_York", from_date: "2026-09-14",
      sections: [{ id: "s", title: "Math", cohort: "6-8", meetings: [meeting("a", 50), meeting("b", 150), meeting("c", 250)] }],
    } as unknown as SchoolPlan;
    const section: BundleSection = { id: "s", title: "Math", school: "o", role: "teacher", members: [] };
    const held = (more: object): string[] => sittings([{ ...section, ...more }], [plan]).map((one) => one.id);
    expect(held({})).toEqual(["a", "b", "c"]);
    expect(held({ from_at: 100, until_at: 200 })).toEqual(["b"]);
    expect(held({ from_at: 0, until_at: 0 })).toEqual(["a", "b", "c"]);
  });
});
