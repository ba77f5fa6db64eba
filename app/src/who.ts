import { me } from "./office/office";
import { nextPage } from "./lib/route";
import { enter } from "./sign-on/enter";
import * as state from "./state";

/**
 * Ask the office for the portal's name and whether somebody is signed on there already (an office page, a bundle that was
 * cleared). What the device holds is shown either way; without the office nothing changes.
 */
export async function learnWho(): Promise<void> {
  try {
    const { person, portal_name } = await me();
    state.portalName.set(portal_name);
    state.cookiePerson.set(person?.id ?? null);
    if (!person) return;
    const next = nextPage(location.search, location.origin);
    if (next && person.staff_pages) return location.assign(next);
    // On a device that several people use, the last who signed on counts; a badge counts until its day is over.
    const shown = state.bundle.value?.person.id;
    if (shown !== person.id && state.session.value?.how !== "badge") await enter(null);
  } catch {
    return;
  }
}
