import type { Bell, BellGroup, Finding, Layer, LayerState, Probe, ProbeReport } from "./contracts";

// A door that has fallen silent: what it said last is still about true for so long.
export const STALE_AFTER_MS = 45_000;
// Whoever came through it has come all the same, and does not come again: a number that falls would say she had left.
export const HELD_AFTER_MS = 15 * 60_000;
/** After this nobody is looking any more: what the probes said last is history. */
export const REPORT_OLD_SECONDS = 60;
const DOWN_FAILED_SHARE = 0.01;
const DOWN_P99_MS = 2_000;

export interface Truth {
  expected: number;
  arrived: number;
  trying: number;
  inClass: number;
  withoutTeacher: number;
  joins: number;
  failed: number;
  p99Ms: number;
  down: boolean;
  waiting: number;
  /** Seconds; some door knows arrivals only from then on. 0: all are known. */
  since: number;
  groups: BellGroup[];
  arrivals: number[];
  failures: Record<string, number>;
  doors: string[];
}

/**
 * Make one bell of the doors' answers. A student who came through two doors counts at both, so a group has never more
 * than are expected in it; every live server tells two doors or more who is in class, so the most counts, not the sum.
 */
export function mergeBells(bells: Iterable<Bell>, nowMs: number): Truth | null {
  const all = [...bells];
  const fresh = all.filter((bell) => nowMs - bell.server_at <= STALE_AFTER_MS);
  if (fresh.length === 0) return null;
  const held = all.filter((bell) => !fresh.includes(bell) && nowMs - bell.server_at <= HELD_AFTER_MS);
  const groups = mergeGroups(fresh, held);
  const joins = sum(fresh, (bell) => bell.joins_in_minute);
  const failed = sum(fresh, (bell) => bell.failed_in_minute);
  const p99Ms = Math.max(...fresh.map((bell) => bell.p99_ms));
  return {
    expected: sum(groups, (one) => one.expected),
    arrived: sum(groups, (one) => one.arrived),
    trying: sum(groups, (one) => one.trying),
    inClass: Math.max(...fresh.map((bell) => bell.in_class)),
    withoutTeacher: Math.max(...fresh.map((bell) => bell.without_teacher)),
    joins,
    failed,
    p99Ms,
    down: failed > DOWN_FAILED_SHARE * (joins + failed) || p99Ms > DOWN_P99_MS,
    waiting: sum(fresh, (bell) => bell.spool_pending),
    since: Math.max(...fresh.map((bell) => bell.since ?? 0)),
    groups,
    arrivals: mergeArrivals([...fresh, ...held]),
    failures: mergeFailures(fresh),
    doors: fresh.map((bell) => bell.door).sort(),
  };
}

function mergeGroups(bells: readonly Bell[], held: readonly Bell[]): BellGroup[] {
  // Whom to expect is the plan's matter: the newest plan counts. A door that has just taken it needs a moment to count.
  const counting = bells.filter((bell) => bell.groups.length > 0);
  const newest = Math.max(...counting.map((bell) => bell.plan_version));
  const found = new Map<string, BellGroup>();
  for (const bell of counting)
    if (bell.plan_version === newest) for (const one of bell.groups) found.set(keyOf(one), { ...one, arrived: 0, trying: 0 });
  for (const { groups } of counting)
    for (const one of groups) {
      const group = found.get(keyOf(one));
      if (!group) continue;
      group.arrived += one.arrived;
      group.trying += one.trying;
    }
  // Another number of students expected: another class has begun since, or another plan.
  for (const one of held.flatMap((bell) => bell.groups)) {
    const group = found.get(keyOf(one));
    if (group?.expected === one.expected) group.arrived += one.arrived;
  }
  return [...found.values()].map((one) => {
    const arrived = Math.min(one.arrived, one.expected);
    return { ...one, arrived, trying: Math.min(one.trying, one.expected - arrived) };
  });
}

const keyOf = (group: BellGroup): string => `${group.org} ${group.band}`;

/** By minute of the clock: doors answered within the same minute or around its end. */
function mergeArrivals(bells: readonly Bell[]): number[] {
  const minuteOf = (bell: Bell): number => Math.floor(bell.server_at / 60_000);
  const last = Math.max(...bells.map(minuteOf));
  const all = Array.from({ length: 60 }, () => 0);
  for (const bell of bells)
    bell.arrivals.forEach((count, index) => {
      const at = 59 - (last - minuteOf(bell)) - (bell.arrivals.length - 1 - index);
      if (at >= 0) all[at]! += count;
    });
  return all;
}

function mergeFailures(bells: readonly Bell[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { failures } of bells) for (const [layer, count] of Object.entries(failures)) all[layer] = (all[layer] ?? 0) + count;
  return all;
}

/** A bar: a school or a grade band, and the share of those expected who have come. */
export interface Bar {
  name: string;
  expected: number;
  arrived: number;
  trying: number;
  percent: number;
}

/** Put groups together by a name of theirs; the emptiest first, of equal ones the largest. */
export function bars(groups: readonly BellGroup[], nameOf: (group: BellGroup) => string): Bar[] {
  const found = new Map<string, Bar>();
  for (const group of groups) {
    const name = nameOf(group);
    const bar = found.get(name) ?? { name, expected: 0, arrived: 0, trying: 0, percent: 0 };
    bar.expected += group.expected;
    bar.arrived += group.arrived;
    bar.trying += group.trying;
    found.set(name, bar);
  }
  const all = [...found.values()].filter((bar) => bar.expected > 0);
  for (const bar of all) bar.percent = percentOf(bar.arrived, bar.expected);
  return all.sort((one, other) => one.arrived / one.expected - other.arrived / other.expected || other.expected - one.expected);
}

/** A share in whole percent, which says 100 only when all are there. */
export const percentOf = (some: number, all: number): number => (all > 0 ? Math.floor((100 * some) / all) : 0);

/** Of what the plan hosts have, the newest. One from the future beyond a minute is no report. */
export function newestReport(reports: Iterable<ProbeReport>, nowSeconds: number): ProbeReport | null {
  let newest: ProbeReport | null = null;
  for (const one of reports)
    if (one.made_at <= nowSeconds + 60 && (!newest || one.made_at > newest.made_at)) newest = one;
  return newest;
}

export const LAYERS: readonly Layer[] = ["line", "dns", "edge", "door", "sign_on", "live", "database", "mail", "plan"];

/** How a layer is: by the finding that names it, else by its parts as they were seen last from inside. */
export interface LayerNow {
  layer: Layer;
  state: LayerState;
  since: number;
  parts: string[];
  well: number;
  all: number;
  flood: boolean;
}

export function layersNow(report: ProbeReport | null): LayerNow[] {
  return LAYERS.map((layer) => {
    const probes = partsOf(report?.probes ?? [], layer);
    const finding = worst((report?.findings ?? []).filter((one) => one.layer === layer));
    const known = probes.filter((probe) => probe.state !== "unknown");
    const parts = finding?.parts ?? [];
    return {
      layer,
      state: finding?.state ?? (known.length > 0 ? "well" : "unknown"),
      since: finding?.since ?? 0,
      parts: parts.filter((part) => part !== FLOOD),
      well: known.filter((probe) => probe.state !== "dead").length,
      all: known.length,
      flood: parts.includes(FLOOD),
    };
  });
}

/** The layers that fail, as findings say. */
export const failingOf = (report: ProbeReport | null): LayerNow[] =>
  layersNow(report).filter((one) => one.state === "slow" || one.state === "dead");

const FLOOD = "flood";

/** Each part once, as inside sees it where inside looks. */
function partsOf(probes: readonly Probe[], layer: Layer): Probe[] {
  const found = new Map<string, Probe>();
  for (const probe of probes)
    if (probe.layer === layer && probe.part !== FLOOD && (probe.vantage === "inside" || !found.has(probe.part)))
      found.set(probe.part, probe);
  return [...found.values()];
}

const worst = (findings: readonly Finding[]): Finding | undefined =>
  findings.find((one) => one.state === "dead") ?? findings[0];

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);
