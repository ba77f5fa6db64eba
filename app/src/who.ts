import { me } from "./office/office";
import { nearBell } from "./office/renew-when";
import { nowSeconds } from "./lib/clock";
import { nextPage } from "./lib/route";
import { enter } from "./sign-on/enter";
import * as state from "./state";

/**
 * Ask the office for the portal's name and whether somebody is signed on there already (an office page, a bundle that was
 * cleared). Near a bell a device that knows its person asks nothing. What the device holds is shown either way; without the office nothing changes.
 */
export async function learnWho(): Promise<void> {
  const next = nextPage(location.search, location.origin);
  if (state.bundle.value && !next && nearBell(state.sittingsToday(), nowSeconds())) return;
  try {
    const { person, portal_name, comes_to = [] } = await me();
    state.portalName.set(portal_name);
    state.cookiePerson.set(person?.id ?? null);
    if (!person) return;
    if (next && person.staff_pages) return location.assign(next);
    // On a device that several people use, the last who signed on counts; a badge counts until its day is over.
    const shown = state.bundle.value?.person.id;
    if (shown !== person.id && state.session.value?.how !== "badge") return await enter(null);
    // A substitute who was sent for this morning: her bundle is of the evening before.
    const held = new Set(state.bundle.value?.sections.map((section) => section.id));
    if (shown === person.id && comes_to.some((section) => !held.has(section))) await enter(null);
  } catch {
    return;
  }
}
