import type { PathwayKind } from "../../contracts";
import { isRecord } from "../../lib/request";
import type { Rule } from "../steer/steering";

/** Where the whole class goes. `kind` "": it stays here, or is back. `at`: ms, by the servers' clock. */
export interface Moved {
  kind: PathwayKind | "";
  url: string;
  label: string;
  at: number;
  by: string;
}

const KINDS: readonly string[] = ["", "zoom", "teams", "meet", "jitsi", "bbb", "phone", "link", "packet"] satisfies Moved["kind"][];

export const MOVED: Rule<Moved> = {
  name: "moved",
  initial: { kind: "", url: "", label: "", at: 0, by: "" },
  read: (value) => {
    if (!isRecord(value) || typeof value.kind !== "string" || !KINDS.includes(value.kind)) return null;
    const { url, label, at, by } = value;
    if (typeof url !== "string" || typeof label !== "string" || typeof at !== "number" || typeof by !== "string") return null;
    return { kind: value.kind as Moved["kind"], url, label, at, by };
  },
};

/** When the class ends for everybody: ms, by the servers' clock; 0: it goes on. */
export const ENDED: Rule<number> = {
  name: "ended",
  initial: 0,
  read: (value) => (typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null),
};
