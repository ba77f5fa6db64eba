/** Where a request failed: the device's line, the other side, or something in between that answered in its place. */
export type Layer = "line" | "slow" | "server" | "stranger" | "refused";

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
