import { isRecord } from "../../../lib/request";
import type { Rule } from "../../steer/steering";

/** The sign that everybody sees. `since`: ms, by the servers' clock; `by`: the identity of the device that records. */
export interface RecordingRule {
  on: boolean;
  since: number;
  by: string;
}

export const RECORDING: Rule<RecordingRule> = {
  name: "recording",
  initial: { on: false, since: 0, by: "" },
  read: (value) =>
    isRecord(value) && typeof value.on === "boolean" && typeof value.since === "number" && typeof value.by === "string"
      ? { on: value.on, since: value.since, by: value.by }
      : null,
};
