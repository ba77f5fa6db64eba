import type { SchoolPlan, Texts } from "../contracts";
import type { PlanIncident } from "./contracts";

/** `since`: seconds. A detour or an incident of many schools is one line. */
export interface InForce {
  kind: "detour" | "incident";
  id: string;
  since: number;
  text: Texts;
  schools: number;
}

/** What the plan says holds now: incidents that go on, then detours; the longest first. */
export function inForceNow(plans: readonly SchoolPlan[], nowSeconds: number): InForce[] {
  const found = new Map<string, InForce>();
  for (const plan of plans as readonly (SchoolPlan & { incidents?: PlanIncident[] })[]) {
    for (const one of plan.incidents ?? [])
      if (!one.over_at && one.since_at <= nowSeconds) note("incident", one.id, one.since_at, one.text);
    for (const one of plan.detours ?? [])
      if (one.from_at <= nowSeconds && (!one.until_at || one.until_at > nowSeconds)) note("detour", one.id, one.from_at, one.reason);
  }
  return [...found.values()].sort((one, other) => other.kind.localeCompare(one.kind) || one.since - other.since);

  function note(kind: InForce["kind"], id: string, since: number, text: Texts): void {
    const schools = (found.get(kind + id)?.schools ?? 0) + 1;
    found.set(kind + id, { kind, id, since, text, schools });
  }
}
