import type { PlanIndex, SchoolPlan } from "../contracts";
import { getText } from "../plan/get-text";
import { schoolPath, takeIndex, takeSchool } from "../plan/take";
import * as state from "../state";
import { nowSeconds } from "../lib/clock";

// What a desk reads of the plan at once: a district of 450 schools is not fetched whole to see what changed.
const SCHOOLS_AT_ONCE = 40;

/** Reads of the plan what this device does not hold: the schools that changed since the last look. */
export class AllSchools {
  readonly #held = new Map<string, { sha: string; plan: SchoolPlan | null }>();
  index: PlanIndex | null = null;

  get plans(): SchoolPlan[] {
    return [...this.#held.values()].flatMap((one) => (one.plan ? [one.plan] : []));
  }

  /** Look at one host; a host that is dead, or lies, changes nothing. */
  async look(host: string): Promise<void> {
    const { value: trust } = state.trust;
    if (!trust) return;
    const base = host.replace(/\/$/, "");
    const taken = await takeIndex(await getText(`${base}/index.plan`), {
      district: trust.district,
      rootPublic: trust.root_public,
      version: this.index?.version ?? state.plan.value?.index.version ?? 0,
      keysIssuedAt: state.plan.value?.keysIssuedAt ?? 0,
      at: nowSeconds(),
    });
    const first = this.index === null;
    const changed = taken.index.schools.filter((one) => this.#held.get(one.org)?.sha !== one.plan_sha256);
    for (const one of changed.slice(SCHOOLS_AT_ONCE)) if (first) this.#held.set(one.org, { sha: one.plan_sha256, plan: null });
    const read = changed.slice(0, SCHOOLS_AT_ONCE).map(async (one) => {
      const plan = await takeSchool(await getText(`${base}/${schoolPath(one.org, one.plan_sha256)}`), taken, one.org);
      this.#held.set(one.org, { sha: one.plan_sha256, plan });
    });
    await Promise.allSettled(read);
    this.index = taken.index;
  }
}
