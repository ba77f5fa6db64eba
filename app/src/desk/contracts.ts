import type { Texts } from "../contracts";

/** What the desk reads: contracts/joining.py (Bell) and contracts/probes.py. */

export interface BellGroup {
  org: string;
  band: string;
  expected: number;
  arrived: number;
  trying: number;
}

/** `server_at`: ms; `arrivals`: per minute of the last hour, oldest first. */
export interface Bell {
  door: string;
  server_at: number;
  plan_version: number;
  since?: number;
  groups: BellGroup[];
  arrivals: number[];
  failures: Record<string, number>;
  in_class: number;
  without_teacher: number;
  joins_in_minute: number;
  failed_in_minute: number;
  p99_ms: number;
  down: boolean;
  spool_pending: number;
}

export type Layer = "line" | "dns" | "edge" | "door" | "sign_on" | "database" | "live" | "mail" | "plan";
export type LayerState = "well" | "slow" | "dead" | "unknown";

/** `at`: seconds. */
export interface Probe {
  layer: Layer;
  part: string;
  vantage: string;
  state: LayerState;
  ms: number;
  at: number;
  what?: string;
}

export interface Finding {
  layer: Layer;
  state: LayerState;
  since: number;
  parts?: string[];
}

/** `made_at`: seconds. */
export interface ProbeReport {
  made_at: number;
  probes: Probe[];
  findings?: Finding[];
}

/** contracts/plan.py, Incident; of a plan that names none there is no list. Seconds; `over_at` 0: it goes on. */
export interface PlanIncident {
  id: string;
  since_at: number;
  text: Texts;
  over_at?: number;
}
