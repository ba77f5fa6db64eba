import type { Door, SchoolPlan } from "../contracts";
import type { HeldPlan, Trust } from "../keep/kept";
import { getText } from "./get-text";
import { schoolPath, takeIndex, type TakenIndex, takeSchool } from "./take";

export interface Wanted {
  trust: Trust;
  /** Doors serve the plan that is in force with them, beside the plan hosts. */
  doors: readonly Door[];
  held: HeldPlan | undefined;
  schools: string[];
  /** Seconds and ms by the servers' clock. */
  at: number;
  nowMs: number;
  /** Counts the looks of this page; each asks other sources first. 0: the first look asks all. */
  look: number;
  get?: (url: string) => Promise<string>;
}

interface Found {
  taken: TakenIndex;
  source: string;
}

// Each look asks this many, and the rest only when none of them had a good plan. Two, so that a source that lags
// or lies is beside another one in every look. One of them is a plan host: a detour lies there first, and a door may
// hear of it half a minute later.
const SOURCES_A_LOOK = 2;
const DOORS_AT_MOST = 3;

/**
 * Return where plan files may lie, each once, in the order to ask at this look: a plan host and one of this device's
 * own doors, others at each look; then the rest.
 */
export function sourcesOf(trust: Trust, doors: readonly Door[], look = 0): string[] {
  const hosts = turned(trust.plan_hosts.map(bare), look);
  const ofDoors = turned(doors.slice(0, DOORS_AT_MOST).map((door) => `${bare(door.url)}/plan`), look);
  return [...new Set([...hosts.slice(0, 1), ...ofDoors.slice(0, 1), ...hosts.slice(1), ...ofDoors.slice(1)])];
}

function turned<T>(all: readonly T[], by: number): T[] {
  const from = all.length > 0 ? by % all.length : 0;
  return [...all.slice(from), ...all.slice(0, from)];
}

/**
 * Return the newest plan that any source has and that stands up to the checks (signature, district, not older than
 * the one held); `undefined` when none answered with a good one, and the plan held stays in force.
 */
export async function refreshPlan(wanted: Wanted): Promise<HeldPlan | undefined> {
  const sources = sourcesOf(wanted.trust, wanted.doors, wanted.look);
  const count = wanted.look === 0 ? sources.length : SOURCES_A_LOOK;
  return (await newest(sources.slice(0, count), sources, wanted)) ?? newest(sources.slice(count), sources, wanted);
}

async function newest(asked: string[], all: string[], wanted: Wanted): Promise<HeldPlan | undefined> {
  const found = (await Promise.all(asked.map((source) => indexFrom(source, wanted)))).filter((one) => one !== undefined);
  found.sort((one, other) => other.taken.index.version - one.taken.index.version);
  for (const one of found) {
    const whole = await withSchools(one, all, wanted);
    if (whole) return whole;
  }
  return undefined;
}

async function indexFrom(source: string, wanted: Wanted): Promise<Found | undefined> {
  try {
    const taken = await takeIndex(await (wanted.get ?? getText)(`${source}/index.plan`), {
      district: wanted.trust.district,
      rootPublic: wanted.trust.root_public,
      version: wanted.held?.index.version ?? 0,
      keysIssuedAt: wanted.held?.keysIssuedAt ?? 0,
      at: wanted.at,
    });
    return { taken, source };
  } catch {
    return undefined; // dead, or a liar: the next one
  }
}

/** The index with the schools it names; nothing is taken by halves. */
async function withSchools({ taken, source }: Found, all: string[], wanted: Wanted): Promise<HeldPlan | undefined> {
  try {
    const schools = await Promise.all(wanted.schools.map((org) => school(org, taken, [source, ...all], wanted)));
    return {
      index: taken.index,
      keysIssuedAt: taken.keysIssuedAt,
      schools: schools.filter((plan) => plan !== undefined),
      savedAt: wanted.nowMs,
    };
  } catch {
    return undefined;
  }
}

async function school(org: string, taken: TakenIndex, sources: string[], wanted: Wanted): Promise<SchoolPlan | undefined> {
  const named = taken.index.schools.find((one) => one.org === org);
  if (!named) return undefined;
  const before = wanted.held?.index.schools.find((one) => one.org === org);
  const held = wanted.held?.schools.find((plan) => plan.org === org);
  if (held && before?.plan_sha256 === named.plan_sha256) return held;
  let last: unknown;
  // The index names the file by its digest: a copy from anywhere is as good, and an altered one is none.
  for (const source of new Set(sources)) {
    try {
      return await takeSchool(await (wanted.get ?? getText)(`${source}/${schoolPath(org, named.plan_sha256)}`), taken, org);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

const bare = (url: string): string => url.replace(/\/$/, "");
