import { clock } from "../../lib/clock";

/** The servers' time in whole ms. */
export const nowMs = (): number => Math.floor(clock.now());
