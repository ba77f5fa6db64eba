import { chosenLanguage, languageWasChosen } from "./i18n/languages";
import { useLanguage } from "./i18n";
import { forgetBadgeDay, read } from "./keep/kept";
import { nowSeconds } from "./lib/clock";
import { loadClosed } from "./notices/in-force";
import { isOffline } from "./lib/line";
import * as state from "./state";

/** Show what this device has kept, before it asks anybody anything. */
export async function boot(): Promise<void> {
  const held = await read("session");
  if (held?.how === "badge" && (held.until ?? 0) <= nowSeconds()) await forgetBadgeDay();
  const [bundle, plan, session, trust, check] = await Promise.all([
    read("bundle"), read("plan"), read("session"), read("trust"), read("check"), loadClosed(),
  ]);
  state.bundle.set(bundle?.value ?? null);
  state.plan.set(plan ?? null);
  state.session.set(session ?? null);
  state.trust.set(trust ?? null);
  state.check.set(check ?? null);
  if (isOffline()) state.reached.set(false); // said with the first picture, not after the first failure
  if (trust) state.portalName.set(trust.portal_name);
  await useLanguage(languageWasChosen() ? chosenLanguage() : (bundle?.value.person.language ?? chosenLanguage()));
  state.ready.set(true);
}
