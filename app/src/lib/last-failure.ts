import { clock } from "./clock";

// What failed longer ago is not why somebody asks for help now.
const RECENT_MS = 15 * 60_000;

let last: { layer: string; ticks: number } | null = null;

/** Remember which part failed last, for who asks for help. */
export function noteFailure(layer: string): void {
  last = { layer, ticks: clock.ticks() };
}

/** Return the layer that failed last, if that was lately; else empty. */
export const recentFailure = (): string => (last && clock.ticks() - last.ticks < RECENT_MS ? last.layer : "");
