import type { PathwayKind } from "../contracts";
import { t } from "../i18n";

const NAMES: Partial<Record<PathwayKind, string>> = {
  zoom: "Zoom", teams: "Microsoft Teams", meet: "Google Meet", jitsi: "Jitsi", bbb: "BigBlueButton",
};

/** The product's own name, if the place is one. */
export const productName = (kind: PathwayKind): string => NAMES[kind] ?? "";

/** What a way to meet is called. */
export function placeName(kind: PathwayKind): string {
  if (kind === "live") return t("detour_place_live");
  if (kind === "phone") return t("detour_place_phone");
  if (kind === "packet") return t("detour_place_packet");
  return NAMES[kind] ?? t("detour_place_link");
}
