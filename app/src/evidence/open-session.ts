import type { Bundle, Door } from "../contracts";
import { firstGood } from "../door/first-good";
import { joinWithPass } from "../joining/first-contact";
import { newEventId } from "../lib/ids";
import type { Sitting } from "../plan/day";

// Our clock and the door's may differ by that much: an open class would take the question for an arrival.
const WELL_BEFORE_OR_AFTER_SECONDS = 120;

/**
 * Return a day session to send evidence with, when none is held: by asking for a class that is over or not open yet,
 * which is no arrival anywhere. Null when there is no pass or no such class in the plan.
 */
export async function openSession(
  bundle: Bundle,
  doors: readonly Door[],
  sittings: readonly Sitting[],
  { at, opensSeconds }: { at: number; opensSeconds: number },
): Promise<string | null> {
  const { pass } = bundle;
  const closed = sittings.find(
    (one) =>
      one.endsAt + WELL_BEFORE_OR_AFTER_SECONDS < at || one.startsAt - opensSeconds - WELL_BEFORE_OR_AFTER_SECONDS > at,
  );
  if (!pass || !closed) return null;
  const asked = { meeting: closed.id, section: closed.section, event: newEventId() };
  const answer = await firstGood(doors, (door) => joinWithPass(door, pass, asked, { sub: bundle.person.id }));
  return answer.session ?? null;
}
