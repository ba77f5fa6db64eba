import { type Room } from "livekit-client";
import type { Seat } from "../contracts";
import { Trouble } from "../lib/trouble";
import { isAlive } from "./alive";

// A server that is up answers within a second; a slow phone line, or an old laptop, needs a few for the whole handshake.
// So after a short while the server is asked whether it is up at all, since another one stands by.
const DOUBT_AFTER_MS = 5_000;
const DOUBT_AFTER_LOSS_MS = 3_000;
const AT_MOST_MS = 12_000;

export interface Taking {
  /** In the order to try. */
  seats: readonly Seat[];
  afterLoss: boolean;
  onFailure: (seat: Seat, trouble: Trouble) => void;
  /** Something else was decided meanwhile. */
  stopped: () => boolean;
  /** Receive pictures and sound; a grown-up who only looks after a place does not. */
  listen?: boolean;
}

/** Take the first seat that can be had. Returns it, or throws when none can. */
export async function takeSeat(room: Room, how: Taking): Promise<Seat> {
  let last = new Trouble("no_seat", "server", true);
  for (const seat of how.seats) {
    try {
      const connecting = room.connect(seat.url, seat.token, { autoSubscribe: how.listen ?? true, maxRetries: 0 });
      await inTime(connecting, seat, how.afterLoss ? DOUBT_AFTER_LOSS_MS : DOUBT_AFTER_MS);
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

async function inTime(connecting: Promise<void>, seat: Seat, doubtAfterMs: number): Promise<void> {
  const timers: ReturnType<typeof setTimeout>[] = [];
  const slow = new Promise<never>((_, reject) => {
    const giveUp = (): void => reject(new Trouble("slow", "slow", true));
    timers.push(setTimeout(() => void isAlive(seat).then((alive) => alive || giveUp()), doubtAfterMs));
    timers.push(setTimeout(giveUp, AT_MOST_MS));
  });
  try {
    await Promise.race([connecting, slow]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}
