import type { Bundle, PlanIndex, SchoolPlan } from "../contracts";
import { store } from "./db";

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

/** The last call for help from this device. `at`: ms. */
export interface HelpAsked {
  at: number;
  owner: string;
  id: string;
}

/** Groups a teacher has saved for a section: persons by group. */
export interface SavedGroups {
  name: string;
  groups: string[][];
}

interface Kept {
  bundle: { value: Bundle; savedAt: number };
  plan: HeldPlan;
  trust: Trust;
  session: HeldSession;
  device_key: CryptoKeyPair;
  check: CheckResult;
  arrivals: Record<string, string>;
  /** When in the evening that began at `from` (seconds) this device renews: 0 at its start, 1 at its end. */
  evening: { from: number; share: number };
  /** What the servers' clock is ahead of the device's, in ms: for the service worker, which has no localStorage. */
  clock_ahead_ms: number;
  /** Ids of notices that were closed here, the newest last. */
  closed_notices: string[];
  /** Whose notices this browser gets by push. */
  push: { sub: string; endpoint: string };
  help: HelpAsked;
  /** The rules of the class this grown-up's device was in last, as `Steering.all` gives them. */
  steering: { meeting: string; rules: Record<string, unknown> };
  /** The chat of the class this grown-up's device was in last, and the ids of words that were deleted. */
  chat: { meeting: string; entries: unknown[]; gone: string[] };
  /** How this student took part, by meeting, the newest last: each is told once. */
  took_part: { meeting: string; what: string[] }[];
  /** Who was heard in the class this grown-up's device was in last: when first (ms), by person. */
  heard: { meeting: string; at: Record<string, number> };
  /** What a grown-up's device keeps of her lessons, for live/teach: each of its readers checks what it finds. */
  teach_boards: unknown;
  teach_slides: unknown;
  teach_polls: unknown;
  teach_notes: unknown;
  teach_files: unknown;
  /** A student's own answers that no grown-up's device has confirmed. */
  teach_answers: unknown;
  /** Groups this teacher has saved, by section. */
  saved_groups: Record<string, SavedGroups[]>;
}

const OF_THE_PERSON: (keyof Kept)[] = [
  "bundle", "session", "device_key", "check", "arrivals", "help", "steering", "chat", "took_part", "heard",
  "teach_boards", "teach_slides", "teach_polls", "teach_notes", "teach_files", "teach_answers", "saved_groups",
];

export async function read<K extends keyof Kept>(key: K): Promise<Kept[K] | undefined> {
  return (await store.get("kept", key)) as Kept[K] | undefined;
}

export const write = <K extends keyof Kept>(key: K, value: Kept[K]): Promise<void> => store.put("kept", key, value);

export const forget = (key: keyof Kept): Promise<void> => store.delete("kept", key);

/** Forget the day a badge opened, once it is over; events that nobody has confirmed stay. */
export async function forgetBadgeDay(): Promise<void> {
  for (const key of OF_THE_PERSON) await forget(key);
}

/** Forget whatever belongs to the person who signs off; the plan is public and stays. */
export async function forgetPerson(): Promise<void> {
  await forgetBadgeDay();
  await store.clear("evidence");
  await store.clear("notes");
}
