/**
 * Where a request failed: the device's line, the one door (others answer), too slow, the other side, or something in
 * between that answered in its place. `refused`: somebody of ours said no. A browser does not tell a name that is not
 * found from a line that is cut: both are `line`.
 */
export type Layer = "line" | "door" | "slow" | "server" | "stranger" | "refused";

/** A request that did not do. `code` as in the contract's errors, or the layer when nobody of ours answered. */
export class Trouble extends Error {
  constructor(
    readonly code: string,
    readonly layer: Layer,
    readonly retryable: boolean,
    readonly retryAfterSeconds = 0,
    readonly status = 0,
  ) {
    super(code);
  }
}

export const codeOf = (error: unknown): string => (error instanceof Trouble ? error.code : "failed");

/** Say whether somebody of ours answered at all: then the line is good, whatever the answer was. */
export const wasAnswered = (trouble: Trouble): boolean => trouble.status > 0 && trouble.layer !== "stranger";
