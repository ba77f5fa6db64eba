import { type Key, t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { Layer, LayerState } from "./contracts";
import type { LayerNow } from "./merge";
import { inDigits } from "./numbers";

const LAYER: Record<Layer, Key> = {
  line: "desk_line", dns: "desk_dns", edge: "desk_edge", door: "desk_door", sign_on: "desk_sign_on",
  database: "desk_database", live: "desk_live", mail: "desk_mail", plan: "desk_plan",
};
const FAILED: Record<string, Key> = {
  line: "desk_failed_line", door: "desk_failed_door", slow: "desk_failed_slow", server: "desk_failed_server",
  stranger: "desk_failed_stranger", refused: "desk_failed_refused", live: "desk_failed_live",
};
const STATE: Record<LayerState, Key> = { well: "desk_well", slow: "desk_slow", dead: "desk_dead", unknown: "desk_unknown" };
const MARK: Record<LayerState, string> = { well: "✓", slow: "!", dead: "✗", unknown: "·" };

export const markOf = (state: LayerState): string => MARK[state];
export const layerName = (layer: Layer): string => t(LAYER[layer]);

/** `dead`, `slow`, `a flood`, or of several parts how many are well. */
export function stateWords(now: LayerNow): string {
  if (now.flood) return t("desk_flood");
  if (now.state === "well" && now.all > 1) return `${now.well}/${now.all}`;
  return t(STATE[now.state]);
}

/** The sentence of a layer that fails: which, how, since when, and where. Empty while it does not. */
export function findingWords(now: LayerNow, zone: string): string {
  if (now.state !== "slow" && now.state !== "dead") return "";
  const facts = { layer: layerName(now.layer), state: stateWords(now), time: timeOf(now.since, zone) };
  return now.parts.length > 0 ? t("desk_finding_parts", { ...facts, parts: now.parts.join(", ") }) : t("desk_finding", facts);
}

/** What devices told of in the last five minutes: `could not get in: their line 12, slow 3`. Empty when none did. */
export function failureWords(failures: Record<string, number>): string {
  const most = Object.entries(failures).sort(([, one], [, other]) => other - one);
  const list = most.map(([layer, count]) => `${t(FAILED[layer] ?? "desk_failed_other")} ${inDigits(count)}`);
  return list.length > 0 ? t("desk_failed", { list: list.join(", ") }) : "";
}
