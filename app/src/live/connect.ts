import { type Room } from "livekit-client";
import type { Seat } from "../contracts";
import { Trouble } from "../lib/trouble";

// A server that is up answers within a second; a slow phone line needs a few for the whole handshake. So the first
// round is quick, since another server stands by, and the second one patient.
const QUICK_MS = 5_000;
const QUICK_AFTER_LOSS_MS = 3_000;
const PATIENT_MS = 10_000;

export interface Taking {
  /** In the order to try. */
  seats: readonly Seat[];
  afterLoss: boolean;
  onFailure: (seat: Seat, trouble: Trouble) => void;
  /** Something else was decided meanwhile. */
  stopped: () => boolean;
}

/** Take the first seat that can be had. Returns it, or throws when none can. */
export async function takeSeat(room: Room, how: Taking): Promise<Seat> {
  const { seats } = how;
  const quick = how.afterLoss ? QUICK_AFTER_LOSS_MS : QUICK_MS;
  const rounds = seats.length > 1 ? [quick, PATIENT_MS] : [PATIENT_MS];
  let last = new Trouble("no_seat", "server", true);
  for (const timeoutMs of rounds)
    for (const seat of seats) {
      try {
        await withTimeout(room.connect(seat.url, seat.token, { autoSubscribe: true, maxRetries: 0 }), timeoutMs);
        return seat;
      } catch (error) {
        last = error instanceof Trouble ? error : new Trouble("live", "server", true);
        if (how.stopped()) throw new Trouble("stopped", "line", false);
        how.onFailure(seat, last);
        await room.disconnect();
        if (how.stopped()) throw new Trouble("stopped", "line", false);
      }
    }
  throw last;
}

async function withTimeout(connecting: Promise<void>, timeoutMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slow = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Trouble("slow", "slow", true)), timeoutMs);
  });
  try {
    await Promise.race([connecting, slow]);
  } finally {
    clearTimeout(timer);
  }
}
