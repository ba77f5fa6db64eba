import type { Rule } from "../../steer/steering";

const SHARERS_AT_MOST = 8;

/** The students who may show their screen now, by the teacher's leave. The live server holds the same (`../../steer/enforce.ts`). */
export const SHARERS: Rule<string[]> = {
  name: "sharers",
  initial: [],
  read: (value) => (Array.isArray(value) && value.length <= SHARERS_AT_MOST && value.every((one) => typeof one === "string") ? (value as string[]) : null),
};
