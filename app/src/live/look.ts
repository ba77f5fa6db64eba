import { Room, RoomEvent } from "livekit-client";
import type { Seat } from "../contracts";
import { type Adult, adultsIn } from "./adults";

const LOOK_TIMEOUT_MS = 3_000;

/**
 * Return the grown-ups in the class's other place, or null when its server does not answer. Only the signal line is
 * opened, nothing is sent or received, and it is closed as soon as the live server has said who is there: a look never
 * becomes an arrival (LiveKit tells its hooks of those with a media line only). About 5 KB.
 */
export async function lookInto(seat: Seat): Promise<Adult[] | null> {
  const room = new Room();
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      timer = setTimeout(() => reject(new Error("slow")), LOOK_TIMEOUT_MS);
      room.once(RoomEvent.SignalConnected, resolve);
      const how = { autoSubscribe: false, maxRetries: 0, websocketTimeout: LOOK_TIMEOUT_MS };
      room.connect(seat.url, seat.token, how).catch(reject);
    });
    return adultsIn(room);
  } catch {
    return null; // a dead server has nobody in it; the next look is not far
  } finally {
    clearTimeout(timer);
    void room.disconnect();
  }
}
