import type { Bundle, PlanIndex, SchoolPlan } from "../contracts";
import { db } from "./db";

/** What the device-check found. `at`: ms. */
export interface CheckResult {
  at: number;
  camera: "good" | "bad" | "skipped";
  microphone: "good" | "bad" | "skipped";
  line: "good" | "slow" | "bad" | "skipped";
}

/** The day session a door gave. `sub`: whose. `how`: a badge cannot be renewed without the badge. */
export interface HeldSession {
  text: string;
  sub: string;
  how: "pass" | "badge";
  /** Seconds; of a badge, after which the device shows nobody's day any more. */
  until?: number;
}

export interface HeldPlan {
  index: PlanIndex;
  keysIssuedAt: number;
  schools: SchoolPlan[];
  savedAt: number;
}

/** Where to find a plan and a door of this district; no personal data, so it outlives a sign-off. */
export interface Trust {
  district: string;
  root_public: string;
  plan_hosts: string[];
  portal_name: string;
}

interface Kept {
  bundle: { value: Bundle; savedAt: number };
  plan: HeldPlan;
  trust: Trust;
  session: HeldSession;
  device_key: CryptoKeyPair;
  check: CheckResult;
  arrivals: Record<string, string>;
}

const OF_THE_PERSON: (keyof Kept)[] = ["bundle", "session", "device_key", "check", "arrivals"];

export async function read<K extends keyof Kept>(key: K): Promise<Kept[K] | undefined> {
  return (await (await db()).get("kept", key)) as Kept[K] | undefined;
}

export async function write<K extends keyof Kept>(key: K, value: Kept[K]): Promise<void> {
  await (await db()).put("kept", value, key);
}

export async function forget(key: keyof Kept): Promise<void> {
  await (await db()).delete("kept", key);
}

/** Forget the day a badge opened, once it is over; events that nobody has confirmed stay. */
export async function forgetBadgeDay(): Promise<void> {
  for (const key of OF_THE_PERSON) await forget(key);
}

/** Forget whatever belongs to the person who signs off; the plan is public and stays. */
export async function forgetPerson(): Promise<void> {
  const database = await db();
  const change = database.transaction(["kept", "evidence"], "readwrite");
  for (const key of OF_THE_PERSON) void change.objectStore("kept").delete(key);
  void change.objectStore("evidence").clear();
  await change.done;
}
