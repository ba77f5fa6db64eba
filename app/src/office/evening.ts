import { read, write } from "../keep/kept";
import { lastEvening } from "./renew-when";

/** Return this device's moment in the evening that began last: drawn once for each, and the same after a reload. */
export async function eveningShare(zone: string, at: number): Promise<number> {
  const from = lastEvening(zone, at);
  const held = await read("evening");
  if (held?.from === from) return held.share;
  const share = Math.random();
  await write("evening", { from, share });
  return share;
}
