import type { SchoolPlan } from "../contracts";
import type { HeldPlan, Trust } from "../keep/kept";
import { type TakenIndex, schoolPath, takeIndex, takeSchool } from "./take";

const FETCH_TIMEOUT_MS = 6_000;

export interface Wanted {
  trust: Trust;
  held: HeldPlan | undefined;
  schools: string[];
  /** Seconds and ms by the servers' clock. */
  at: number;
  nowMs: number;
  get?: (url: string) => Promise<string>;
}

/**
 * Return the newest plan that any host has and that stands up to the checks; `undefined` when none answered with a
 * good one, and the plan held stays in force. A host that lies or lags only costs the step to the next host.
 */
export async function refreshPlan(wanted: Wanted): Promise<HeldPlan | undefined> {
  for (const host of wanted.trust.plan_hosts) {
    try {
      return await fromHost(host.replace(/\/$/, ""), wanted);
    } catch {
      continue;
    }
  }
  return undefined;
}

async function fromHost(host: string, wanted: Wanted): Promise<HeldPlan> {
  const get = wanted.get ?? getText;
  const taken = await takeIndex(await get(`${host}/index.plan`), {
    district: wanted.trust.district,
    rootPublic: wanted.trust.root_public,
    version: wanted.held?.index.version ?? 0,
    keysIssuedAt: wanted.held?.keysIssuedAt ?? 0,
    at: wanted.at,
  });
  const schools = await Promise.all(wanted.schools.map((org) => school(host, org, taken, wanted, get)));
  return {
    index: taken.index,
    keysIssuedAt: taken.keysIssuedAt,
    schools: schools.filter((plan) => plan !== undefined),
    savedAt: wanted.nowMs,
  };
}

async function school(
  host: string,
  org: string,
  taken: TakenIndex,
  wanted: Wanted,
  get: (url: string) => Promise<string>,
): Promise<SchoolPlan | undefined> {
  const named = taken.index.schools.find((one) => one.org === org);
  if (!named) return undefined;
  const before = wanted.held?.index.schools.find((one) => one.org === org);
  const held = wanted.held?.schools.find((plan) => plan.org === org);
  if (held && before?.plan_sha256 === named.plan_sha256) return held;
  return takeSchool(await get(`${host}/${schoolPath(org, named.plan_sha256)}`), taken, org);
}

async function getText(url: string): Promise<string> {
  const response = await fetch(url, {
    cache: "no-cache", // asks whether it changed; an unchanged plan is not sent again
    credentials: "omit",
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`plan host answered ${response.status}`);
  return (await response.text()).trim();
}
