/** What crosses HTTP, as in src/schoolday/contracts. `_at` in seconds since 1970 UTC unless said otherwise. */

export type Language = "en" | "es" | "ht";
export type Kind = "student" | "teacher" | "guardian" | "operator" | "drill";
export type MemberRole = "student" | "teacher" | "aide" | "interpreter" | "observer";
export type PathwayKind = "live" | "zoom" | "teams" | "meet" | "jitsi" | "bbb" | "phone" | "link" | "packet";

export interface Door {
  id: string;
  url: string;
  site?: string;
}

export interface LiveNode {
  id: string;
  url: string;
  site?: string;
}

/** A way into one meeting without any door; worth nothing once the plan says another `turn`. */
export interface Spare {
  meeting: string;
  section: string;
  turn: number;
  nbf: number;
  exp: number;
  nodes: string[];
  identity: string;
  token: string;
}

export interface Member {
  id: string;
  name: string;
  role: MemberRole;
  /** For grown-ups' devices: her family agreed to recordings; her picture goes to grown-ups only (she knows that too). */
  may_record?: boolean;
  camera_to_teacher?: boolean;
  /** Beside the roster, for a time; "": not. */
  comes_as?: "" | "substitute" | "co_teacher" | "aide" | "interpreter" | "visit" | "guardian";
}

export interface BundleSection {
  id: string;
  title: string;
  school: string;
  role: MemberRole;
  members: Member[];
  /** When she comes only for a time, in seconds; 0: no bound. */
  from_at?: number;
  until_at?: number;
}

export interface BundlePerson {
  id: string;
  kind: Kind;
  name: string;
  language: Language;
  grade: string;
  staff_pages: boolean;
  /** Schools in whose classes this adult may look in, and is called when no adult is there. */
  duty?: string[];
}

export interface Child {
  id: string;
  name: string;
  grade: string;
  schools: string[];
  sections: BundleSection[];
}

export interface PassWithTag {
  token: string;
  tag: string;
  valid_until: number;
}

/** `server_at`: ms. */
export interface Bundle {
  v: number;
  district: string;
  portal_name: string;
  person: BundlePerson;
  root_public: string;
  pass: PassWithTag | null;
  schools: string[];
  sections: BundleSection[];
  children: Child[];
  plan_hosts: string[];
  doors: Door[];
  /** Absent in bundles made before the fields. */
  live?: LiveNode[];
  spares?: Spare[];
  server_at: number;
}

export interface PublicKey {
  kid: string;
  public: string;
  not_before: number;
  not_after: number;
}

export interface KeySet {
  v: number;
  district: string;
  issued_at: number;
  keys: PublicKey[];
}

export interface Alternate {
  kind: PathwayKind;
  url: string;
  label?: string;
}

export interface MeetingPlan {
  id: string;
  period: string;
  starts_at: number;
  ends_at: number;
  nodes?: string[];
  turn?: number;
  /** When a detour moves this meeting: `pathway` empty means as the teacher chose. */
  pathway?: PathwayKind | "";
  detour?: string;
}

export type Texts = Record<Language, string>;

/** `until_at` 0: until further notice. */
export interface Detour {
  id: string;
  pathway: PathwayKind | "";
  from_at: number;
  until_at: number;
  review_on: string;
  reason: Texts;
  /** Empty: all. What is given must all hold. */
  scope?: { regions?: string[]; bands?: string[]; sections?: string[] };
  /** Of a staggered start, by grade band: the meetings' times are the shifted ones already, the pathway is as before. */
  shift_minutes?: Record<string, number>;
}

export interface Notice {
  id: string;
  at: number;
  until_at: number;
  level: "info" | "warning" | "emergency";
  text: Texts;
  /** When the next word on it was promised; 0 or nothing: it was not. */
  next_at?: number;
}

export type ChatPolicy = "class" | "teacher" | "off";

export interface SectionPlan {
  id: string;
  title: string;
  cohort: string;
  /** OneRoster codes, separated by commas; empty or absent when it names none. */
  grades?: string;
  teachers?: string[];
  pathway?: PathwayKind;
  alternates?: Alternate[];
  meetings?: MeetingPlan[];
}

export interface SchoolPlan {
  v: number;
  district: string;
  org: string;
  name: string;
  version: number;
  from_date: string;
  until_date: string;
  time_zone: string;
  /** Absent in plans made before the field: 5. */
  tardy_after_minutes?: number;
  phone?: string;
  sections?: SectionPlan[];
  detours?: Detour[];
  notices?: Notice[];
}

export interface SchoolFiles {
  org: string;
  name: string;
  plan_sha256: string;
}

export interface PlanIndex {
  v: number;
  district: string;
  portal_name: string;
  version: number;
  made_at: number;
  from_date: string;
  until_date: string;
  join_opens_seconds: number;
  key_set: string;
  doors: Door[];
  live?: LiveNode[];
  plan_hosts: string[];
  schools: SchoolFiles[];
  /** Whom students may write to, by grade band; absent in plans made before the field. */
  chat?: Partial<Record<"K-2" | "PK-5" | "6-8" | "9-12", ChatPolicy>>;
}

export interface DeviceKey {
  x: string;
  y: string;
}

export interface FirstContact {
  token: string;
  tag: string;
  nonce: string;
  key: DeviceKey;
  proof: string;
}

export interface JoinRequest {
  meeting: string;
  section: string;
  event: string;
  sent_at: number;
  /** When the person came in by a spare ticket, before any door answered. */
  device_at?: number;
  first?: FirstContact;
}

export interface Seat {
  node: string;
  url: string;
  token: string;
  identity: string;
}

export interface Ticket {
  meeting: string;
  section: string;
  state: "live" | "alternate" | "wait" | "closed";
  pathway: PathwayKind;
  opens_at: number;
  starts_at: number;
  ends_at: number;
  turn?: number;
  seats?: Seat[];
  alternates?: Alternate[];
}

/** `server_at`: ms. */
export interface JoinAnswer {
  ticket: Ticket;
  server_at: number;
  session?: string | null;
}

export interface BadgeRequest {
  badge: string;
  key: DeviceKey;
  nonce: string;
  proof: string;
  pictures?: string[];
}

export interface DoorSession {
  session: string;
  sub: string;
  org: string;
  sections: string[];
  expires_at: number;
  server_at: number;
}

export interface RemoveRequest {
  meeting: string;
  section: string;
  sub: string;
  event: string;
  sent_at: number;
  back?: boolean;
}

export interface LetInCode {
  code: string;
  expires_at: number;
}

/** `arrived_at`: ms. */
export interface Roll {
  meeting: string;
  door: string;
  server_at: number;
  entries: { sub: string; arrived_at: number }[];
}

/** A class with students and without an adult. `since`, `called_at`: seconds, 0: nobody called. */
export interface AloneMeeting {
  meeting: string;
  section: string;
  org: string;
  since: number;
  students: number;
  called_at: number;
}

/** `server_at`: ms. */
export interface Watch {
  door: string;
  server_at: number;
  alone: AloneMeeting[];
}

/** A place in the waiting line before password sign-on; `place` 0: send the password now. */
export interface Line {
  line: string;
  place: number;
  wait_seconds: number;
  poll_after_seconds: number;
}

export type EvidenceKind = "arrived" | "tried" | "entered" | "left" | "alternate_opened" | "teacher_mark" | "adult_called" | "help_asked" | "took_part";

/** Times in ms. */
export interface Evidence {
  id: string;
  kind: EvidenceKind;
  sub: string;
  meeting: string;
  device_at: number;
  by?: string;
  detail?: Record<string, string>;
}

export interface Receipt {
  kept: string[];
  confirmed: boolean;
  refused?: Record<string, string>;
}

export type RegisterStatus = "" | "present" | "tardy" | "absent" | "excused";

/** `arrived_at`, `left_at`: as the office gives them; `on` a day of the school. */
export interface RegisterEntry {
  sub: string;
  status: RegisterStatus;
  mark: RegisterStatus;
  minutes_tardy: number | null;
}

export interface Register {
  meetings: { id: string; period: string; starts_at: number; ends_at: number; entries: RegisterEntry[] }[];
}

export interface FamilyStatus {
  children: {
    id: string;
    meetings: { id: string; section: string; status: RegisterStatus; arrived_at: number | null }[];
    /** What counts now; null: nobody has answered, which is no. */
    recording?: boolean | null;
    /** Digits to type after the number, by section; null: one cannot call into her classes. */
    by_phone?: { number: string; digits: Record<string, string> } | null;
  }[];
}
