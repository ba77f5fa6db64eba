import { ensureSession } from "../../class-list/ensure-session";
import type { Door } from "../../contracts";
import { DOOR_TIMEOUT_MS } from "../../door/door";
import { firstGood } from "../../door/first-good";
import { has, request } from "../../lib/request";
import type { Sitting } from "../../plan/day";
import { doors } from "../../state";

export interface SeatsAsked {
  seats?: Record<string, number>;
  own?: number[];
  watch?: number[];
}

export interface SeatsGiven {
  seats: Record<string, string>;
  own: Record<string, string>;
  watch: Record<string, string>;
  refused: string[];
}

/** Ask the doors, one after the other, for seats in groups of this class. */
export async function askSeats(sitting: Sitting, asked: SeatsAsked, signal: AbortSignal): Promise<SeatsGiven> {
  const session = await ensureSession(sitting, signal);
  const body = { meeting: sitting.id, section: sitting.section, ...asked };
  return await firstGood(doors(), (door: Door) =>
    request(`${door.url.replace(/\/$/, "")}/groups`, {
      method: "POST",
      body,
      headers: { Authorization: `Day ${session}` },
      timeoutMs: DOOR_TIMEOUT_MS,
      signal,
      accepts: has<SeatsGiven>("seats", "own", "watch", "refused"),
    }),
  );
}
