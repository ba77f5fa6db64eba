import type { PlanIndex, SchoolPlan, Texts } from "../contracts";

export type Change =
  | { kind: "plan"; at: number; version: number }
  | { kind: "detour" | "notice"; at: number; id: string; text: Texts; schools: number };

const HOUR_SECONDS = 3600;

/** What the plan says has changed in the last hour, newest first. A detour of many schools is one line. */
export function changesOf(index: PlanIndex | null, plans: readonly SchoolPlan[], nowSeconds: number): Change[] {
  const recent = (at: number): boolean => at <= nowSeconds && at > nowSeconds - HOUR_SECONDS;
  const found = new Map<string, Change>();
  if (index && recent(index.made_at)) found.set("plan", { kind: "plan", at: index.made_at, version: index.version });
  for (const plan of plans) {
    for (const detour of plan.detours ?? []) if (recent(detour.from_at)) note("detour", detour.id, detour.from_at, detour.reason);
    for (const notice of plan.notices ?? []) if (recent(notice.at)) note("notice", notice.id, notice.at, notice.text);
  }
  return [...found.values()].sort((one, other) => other.at - one.at);

  function note(kind: "detour" | "notice", id: string, at: number, text: Texts): void {
    const held = found.get(kind + id);
    const schools = held && held.kind !== "plan" ? held.schools + 1 : 1;
    found.set(kind + id, { kind, at, id, text, schools });
  }
}
