import type { PlanIndex, SchoolPlan } from "../contracts";
import { unb64 } from "../lib/b64";
import { keysAt, openKeySet } from "../signing/key-set";
import { BadSignature, type Keys, openToken, sha256Hex } from "../signing/paseto";

/** A plan that is not taken; the last good one stays in force. */
export class PlanRefused extends Error {}

export interface Expected {
  district: string;
  rootPublic: string;
  /** Versions held; 0 when there is none. */
  version: number;
  keysIssuedAt: number;
  /** Seconds, by the servers' clock. */
  at: number;
}

export interface TakenIndex {
  index: PlanIndex;
  keysIssuedAt: number;
  keys: Keys;
}

/**
 * Return the index of a token, or throw: `BadSignature` when altered, `PlanRefused` when it is older than the one
 * held or of another district. The key set lies inside, signed by the root key; so it is opened first.
 */
export async function takeIndex(token: string, expected: Expected): Promise<TakenIndex> {
  const keySet = await openKeySet(unverifiedKeySet(token), expected.rootPublic);
  if (keySet.district !== expected.district) throw new PlanRefused("district");
  if (keySet.issued_at < expected.keysIssuedAt) throw new PlanRefused("older keys");
  const keys = keysAt(keySet, expected.at);
  const index = (await openToken(token, keys, "plan:index")) as PlanIndex;
  if (index.district !== expected.district) throw new PlanRefused("district");
  if (index.version < expected.version) throw new PlanRefused("older");
  return { index, keysIssuedAt: keySet.issued_at, keys };
}

/** Return a school's plan, if it is the very file that the index names. */
export async function takeSchool(token: string, taken: TakenIndex, org: string): Promise<SchoolPlan> {
  const named = taken.index.schools.find((school) => school.org === org);
  if (!named || (await sha256Hex(token)) !== named.plan_sha256) throw new PlanRefused("not the file of this index");
  const plan = (await openToken(token, taken.keys, "plan:school")) as SchoolPlan;
  if (plan.district !== taken.index.district || plan.org !== org) throw new PlanRefused("another school");
  return plan;
}

/** Return the path of the file that an index means (contracts/plan.py, `school_path`). */
export const schoolPath = (org: string, sha256: string): string => `school/${org}.${sha256.slice(0, 16)}.plan`;

function unverifiedKeySet(token: string): string {
  try {
    const raw = unb64(token.split(".")[2] ?? "");
    const payload = JSON.parse(new TextDecoder().decode(raw.slice(0, -64))) as { key_set?: unknown };
    if (typeof payload.key_set === "string") return payload.key_set;
  } catch {
    throw new BadSignature("form");
  }
  throw new BadSignature("no key set");
}
