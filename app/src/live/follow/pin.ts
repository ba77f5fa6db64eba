import type { Rule } from "../steer/steering";

const AT_MOST = 20;

/** Persons whose pictures are on every page of everybody: a sign-language interpreter, who is shown something. */
export const PINNED: Rule<string[]> = {
  name: "pinned",
  initial: [],
  read: (value) =>
    Array.isArray(value) && value.length <= AT_MOST && value.every((one) => typeof one === "string" && one.length <= 64)
      ? (value as string[])
      : null,
};
