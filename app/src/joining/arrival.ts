import { read, write } from "../keep/kept";
import { newEventId } from "../lib/ids";

// A few days of meetings; older ones are never joined again.
const KEEP_AT_MOST = 60;

/**
 * Return the id of this person's arrival at a meeting: made before the first try and the same at every retry, also
 * after a reload, so that however often a device asks it is one arrival.
 */
export async function arrivalId(meeting: string): Promise<string> {
  const held = (await read("arrivals")) ?? {};
  const known = held[meeting];
  if (known) return known;
  const made = newEventId();
  const kept = [...Object.entries(held), [meeting, made] as const].slice(-KEEP_AT_MOST);
  await write("arrivals", Object.fromEntries(kept));
  return made;
}
