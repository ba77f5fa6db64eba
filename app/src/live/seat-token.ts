import type { Seat } from "../contracts";
import { isRecord } from "../lib/request";

/** Return the live name that a seat's token is for. */
export function liveNameOf(token: string): string {
  const { video } = claimsOf(token);
  return isRecord(video) && typeof video.room === "string" ? video.room : "";
}

/** Whether this seat may moderate at the live server itself: a teacher's and a duty's may, an aide's may not. */
export function mayModerate(seat: Seat | null): boolean {
  const video = seat && claimsOf(seat.token).video;
  return isRecord(video) && video.roomAdmin === true;
}

/** The first letters of the live name: enough to tell places apart, of no use to get in. */
export const placeOf = (seat: Seat | null): string => (seat ? liveNameOf(seat.token).slice(0, 6) : "");

/** Say whether a seat's token can still be used. Seconds by the servers' clock. */
export function isFresh(seat: Seat, atSeconds: number): boolean {
  const { exp } = claimsOf(seat.token);
  return typeof exp === "number" && atSeconds < exp;
}

function claimsOf(token: string): Record<string, unknown> {
  const body = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  try {
    const claims: unknown = JSON.parse(atob(body));
    return isRecord(claims) ? claims : {};
  } catch {
    return {};
  }
}
