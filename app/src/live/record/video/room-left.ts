import { shelf } from "./shelf";

// A lesson of an hour is about 600 MB at our rates; the disk of a small Chromebook has 10 GB free.
export const ON_DEVICE_AT_MOST_BYTES = 4 * 2 ** 30;
export const NEARLY_FULL_BYTES = 500 * 2 ** 20;
export const FULL_BYTES = 100 * 2 ** 20;

// Five seconds at the rates of recorder.ts.
const PIECE_ABOUT_BYTES = 800_000;

export type Room = "enough" | "nearly_full" | "full";

/** Say how much room is left. `free`: what the browser still gives us; `held`: recordings that wait here. Bytes. */
export function roomFor({ free, held }: { free: number; held: number }): Room {
  const left = Math.min(free, ON_DEVICE_AT_MOST_BYTES - held);
  return left < FULL_BYTES ? "full" : left < NEARLY_FULL_BYTES ? "nearly_full" : "enough";
}

/** The same, asked of this device. Where the browser does not say, it is enough until writing fails. */
export async function roomLeft(): Promise<Room> {
  const { quota, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const held = (await (await shelf()).count("chunks")) * PIECE_ABOUT_BYTES;
  return roomFor({ free: quota === undefined ? Number.POSITIVE_INFINITY : quota - usage, held });
}
