import { beforeEach, expect, test } from "vitest";
import type { Alternate, BundleSection, Detour, MeetingPlan, SchoolPlan, SectionPlan } from "../../src/contracts";
import { holdsWords, movedLine, reasonOf, untilWords } from "../../src/detour/words";
import { useWords } from "../../src/i18n";
import en from "../../src/locale/en.json";
import es from "../../src/locale/es.json";
import ht from "../../src/locale/ht.json";
import { type Sitting, sittings } from "../../src/plan/day";

const ZONE = "America/New_York";
const EIGHT = Date.UTC(2026, 8, 1, 12) / 1000; // Tuesday, 1 September 2026, 8:00 in Miami
const MIDNIGHT_AFTER_11TH = Date.UTC(2026, 8, 12, 4) / 1000;
const ZOOM: Alternate = { kind: "zoom", url: "https://zoom.example/j/1" };
const TEAMS: Alternate = { kind: "teams", url: "https://teams.example/1" };
const PACKET: Alternate = { kind: "packet", url: `packets/${"a".repeat(64)}.pdf` };
const DETOUR: Detour = {
  id: "detour000001", pathway: "zoom", from_at: EIGHT - 3600, until_at: MIDNIGHT_AFTER_11TH, review_on: "2026-09-11",
  reason: { en: "Video rests.", es: "El video descansa.", ht: "Videyo a ap repoze." },
};
const SHIFT: Detour = { ...DETOUR, id: "shift0000001", pathway: "", shift_minutes: { "6-8": 30 } };

interface How {
  meeting?: Partial<MeetingPlan>;
  section?: Partial<SectionPlan>;
  detours?: Detour[];
}

function sitting({ meeting = {}, section = {}, detours = [DETOUR] }: How): Sitting {
  const plan: SchoolPlan = {
    v: 1, district: "d", org: "s", name: "Olinda", version: 1, from_date: "", until_date: "", time_zone: ZONE, detours,
    sections: [{
      id: "math", title: "Math", cohort: "6-8@south", alternates: [PACKET, TEAMS, ZOOM],
      meetings: [{ id: "m1", period: "1", starts_at: EIGHT, ends_at: EIGHT + 2700, ...meeting }], ...section,
    }],
  };
  const own: BundleSection = { id: "math", title: "Math", school: "s", role: "student", members: [] };
  return sittings([own], [plan])[0]!;
}

const MOVED = { pathway: "zoom", detour: DETOUR.id } as const;
beforeEach(() => useWords("en", en));

test("a meeting that no detour moves is where its section is", () => {
  expect(sitting({})).toMatchObject({ pathway: "live", moved: false, detour: null });
  expect(sitting({ section: { pathway: "zoom" } })).toMatchObject({ pathway: "zoom", moved: false });
});

test("a moved meeting has the chosen place first, then the others, the lesson last", () => {
  const one = sitting({ meeting: MOVED });
  expect(one).toMatchObject({ pathway: "zoom", moved: true, detour: DETOUR });
  expect(one.alternates).toEqual([ZOOM, TEAMS, PACKET]);
});

test.each<[string, How, string, boolean]>([
  ["as the teacher chose: her first place", { meeting: { ...MOVED, pathway: "" }, section: { alternates: [TEAMS, ZOOM] } }, "teams", true],
  ["as the teacher chose, and she chose none: the lesson on the device", { meeting: { ...MOVED, pathway: "" }, section: { alternates: [] } }, "packet", true],
  ["back to live, where the section meets elsewhere else", { meeting: { ...MOVED, pathway: "live" }, section: { pathway: "zoom" } }, "live", true],
  ["stays live inside a larger detour", { meeting: { ...MOVED, pathway: "live" } }, "live", false],
  ["moved by a detour that this plan does not tell of", { meeting: MOVED, detours: [] }, "zoom", true],
  ["lesson by wish: it comes first", { meeting: { ...MOVED, pathway: "packet" } }, "packet", true],
])("%s", (_what, how, pathway, moved) => {
  const one = sitting(how);
  expect(one).toMatchObject({ pathway, moved });
  if (one.alternates.some((other) => other.kind === pathway)) expect(one.alternates[0]?.kind).toBe(pathway);
});

test("undone, the card is what it was", () => expect(sitting({ detours: [] })).toEqual(sitting({ detours: [DETOUR] })));

test("a staggered start tells why, and moves nobody", () => {
  const shifted = sitting({ detours: [SHIFT] });
  expect(shifted).toMatchObject({ pathway: "live", moved: false, detour: SHIFT });
  expect(movedLine(shifted)).toContain("another time");
  expect(sitting({ detours: [{ ...SHIFT, scope: { bands: ["9-12"] } }] }).detour).toBeNull();
  expect(sitting({ detours: [{ ...SHIFT, shift_minutes: { "9-12": 30 } }] }).detour).toBeNull();
  expect(sitting({ detours: [{ ...SHIFT, until_at: EIGHT - 1800 }] }).detour).toBeNull();
  expect(sitting({ detours: [SHIFT, { ...SHIFT, id: "shift0000002" }] }).detour).toBeNull();
});

test("the line, the reason, and how long it holds, in each language", () => {
  const one = sitting({ meeting: MOVED });
  expect(movedLine(one)).toBe("moved to Zoom today — tap to see why");
  expect(reasonOf(one.detour)).toBe("Video rests.");
  expect(holdsWords(one.detour, ZONE, EIGHT)).toBe("This holds until Friday, September 11. We look at it again on Friday, September 11.");
  useWords("es", es);
  expect(movedLine(one)).toBe("hoy es por Zoom — toca para ver por qué");
  expect(reasonOf(one.detour)).toBe("El video descansa.");
  expect(untilWords(one.detour, ZONE, EIGHT)).toBe("viernes, 11 de septiembre");
  useWords("ht", ht);
  expect(movedLine(one)).toBe("jodi a li sou Zoom — peze pou wè poukisa");
  expect(reasonOf(one.detour)).toBe("Videyo a ap repoze.");
  expect(untilWords(one.detour, ZONE, EIGHT)).toBe("vandredi 11 septanm");
});

test("of today the time is said; without an end nothing", () => {
  expect(untilWords({ ...DETOUR, until_at: EIGHT + 3 * 3600 }, ZONE, EIGHT)).toBe("11:00");
  expect(untilWords({ ...DETOUR, until_at: 0 }, ZONE, EIGHT)).toBe("");
  expect(holdsWords({ ...DETOUR, until_at: 0, review_on: "" }, ZONE, EIGHT)).toBe("");
  expect(holdsWords({ ...DETOUR, until_at: 0, review_on: "soon" }, ZONE, EIGHT)).toBe("");
});

test("a place without a product's name is said plainly", () => {
  const phone = sitting({ meeting: { ...MOVED, pathway: "phone" } });
  expect(movedLine(phone)).toBe("moved today: phone — tap to see why");
  expect(movedLine(sitting({}))).toBe("");
});

test("of the lesson packets only the day's own is offered, by its title", () => {
  const at = (label: string, letter: string): Alternate => ({ kind: "packet", url: `packets/${letter.repeat(64)}.pdf`, label });
  const alternates = [ZOOM, at("Fractions", "a"), at("Decimals · 2026-09-02", "b"), at("Ratios · 2026-09-03", "c")];
  const on = (firstDay: string, startsAt: number) => {
    const plan = {
      org: "s", time_zone: ZONE, from_date: firstDay,
      sections: [{ id: "math", title: "Math", cohort: "", alternates, meetings: [{ id: "m", period: "1", starts_at: startsAt, ends_at: startsAt + 60 }] }],
    } as unknown as SchoolPlan;
    return sittings([{ id: "math", title: "Math", school: "s", role: "student", members: [] }], [plan])[0]!.alternates.map((one) => one.label ?? one.kind);
  };
  expect(on("2026-09-01", EIGHT)).toEqual(["zoom", "Fractions"]);
  expect(on("2026-09-01", EIGHT + 86_400)).toEqual(["zoom", "Decimals"]);
  expect(on("2026-09-01", EIGHT + 3 * 86_400)).toEqual(["zoom"]); // none was put in
  // A plan that is a day old still has today's.
  expect(on("2026-08-31", EIGHT)).toEqual(["zoom"]);
});
