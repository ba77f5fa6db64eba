import type { KeySet, PlanIndex, SchoolPlan } from "../../src/contracts";
import { b64 } from "../../src/lib/b64";
import { preAuthEncode, sha256Hex, utf8 } from "../../src/signing/paseto";

/** One signing key of an invented office. */
export interface TestKey {
  kid: string;
  pair: CryptoKeyPair;
  public: string;
}

export async function makeKey(kid: string): Promise<TestKey> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  return { kid, pair, public: b64(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey))) };
}

export async function sign(payload: unknown, key: TestKey, use: string, boundUse = use): Promise<string> {
  const message = utf8(JSON.stringify(payload));
  const footer = utf8(JSON.stringify({ kid: key.kid, use }));
  const signed = preAuthEncode([utf8("v4.public."), message, footer, utf8(`schoolday:${boundUse}`)]);
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", key.pair.privateKey, signed));
  const body = new Uint8Array([...message, ...signature]);
  return `v4.public.${b64(body)}.${b64(footer)}`;
}

export const SCHOOL = "school000001";

export async function makePlan(how: { root: TestKey; key: TestKey; version?: number; district?: string; issuedAt?: number; title?: string }) {
  const district = how.district ?? "d";
  const keySet: KeySet = {
    v: 1, district, issued_at: how.issuedAt ?? 100,
    keys: [{ kid: how.key.kid, public: how.key.public, not_before: 0, not_after: 10_000 }],
  };
  const plan: SchoolPlan = {
    v: 1, district, org: SCHOOL, name: "Olinda", version: how.version ?? 1, from_date: "2026-09-01", until_date: "2026-09-08",
    time_zone: "America/New_York", sections: [{ id: "math", title: how.title ?? "Math", cohort: "6-8", meetings: [] }],
  };
  const school = await sign(plan, how.key, "plan:school");
  const index: PlanIndex = {
    v: 1, district, portal_name: "P", version: how.version ?? 1, made_at: 1, from_date: "2026-09-01", until_date: "2026-09-08",
    join_opens_seconds: 600, key_set: await sign(keySet, how.root, "keyset"), doors: [], plan_hosts: ["/plan"],
    schools: [{ org: SCHOOL, name: "Olinda", plan_sha256: await sha256Hex(school) }],
  };
  return { school, index: await sign(index, how.key, "plan:index"), value: index };
}
