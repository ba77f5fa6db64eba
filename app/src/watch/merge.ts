import type { AloneMeeting, Watch } from "../contracts";

// A door that has fallen silent: what it said last is still true for about so long.
export const STALE_AFTER_MS = 45_000;

/**
 * Of several doors' answers make one list. Each door knows what its live servers told it, so a class is alone if any
 * door says so; of one class the newest word counts, and a call that any door has taken. Oldest first.
 */
export function mergeWatches(watches: Iterable<Watch>, nowMs: number): AloneMeeting[] {
  const newest = new Map<string, { at: number; one: AloneMeeting }>();
  for (const { server_at: at, alone } of watches) {
    if (nowMs - at > STALE_AFTER_MS) continue;
    for (const one of alone) {
      const held = newest.get(one.meeting);
      const called_at = Math.max(one.called_at ?? 0, held?.one.called_at ?? 0);
      const kept = held && held.at >= at ? held : { at, one };
      newest.set(one.meeting, { at: kept.at, one: { ...kept.one, called_at } });
    }
  }
  const all = [...newest.values()].map(({ one }) => one);
  return all.sort((one, other) => one.since - other.since || (one.meeting < other.meeting ? -1 : 1));
}
