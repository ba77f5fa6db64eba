import { type Room } from "livekit-client";
import type { Seat } from "../contracts";
import { Trouble } from "../lib/trouble";

// A server that is up answers within a second; a slow phone line needs a few for the whole handshake.
const CONNECT_TIMEOUT_MS = 10_000;

/** Take the first seat that can be had, in the ticket's order. Returns it, or throws when none can. */
export async function takeSeat(
  room: Room,
  seats: readonly Seat[],
  onFailure: (seat: Seat, trouble: Trouble) => void,
): Promise<Seat> {
  let last = new Trouble("no_seat", "server", true);
  for (const seat of seats) {
    try {
      await withTimeout(room.connect(seat.url, seat.token, { autoSubscribe: true, maxRetries: 0 }));
      return seat;
    } catch (error) {
      last = error instanceof Trouble ? error : new Trouble("live", "server", true);
      onFailure(seat, last);
      await room.disconnect();
    }
  }
  throw last;
}

async function withTimeout(connecting: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slow = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Trouble("slow", "slow", true)), CONNECT_TIMEOUT_MS);
  });
  try {
    await Promise.race([connecting, slow]);
  } finally {
    clearTimeout(timer);
  }
}
