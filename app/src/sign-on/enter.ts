import type { Bundle } from "../contracts";
import { lookForPlan } from "../background";
import { languageWasChosen } from "../i18n/languages";
import { useLanguage } from "../i18n";
import { forget, read, write } from "../keep/kept";
import { clock } from "../lib/clock";
import { renewBundle } from "../office/bundle";
import { rightPerson } from "../push/push";
import * as state from "../state";

/** Take the person in who has just signed on: bundle, language, plan. `session`: of a badge, when there is no cookie. */
export async function enter(session: string | null): Promise<void> {
  await show(await renewBundle(session));
}

/** Take in a bundle and everything that hangs on it. */
export async function show(bundle: Bundle): Promise<void> {
  await write("bundle", { value: bundle, savedAt: clock.now() });
  if (state.session.value && state.session.value.sub !== bundle.person.id) {
    await forget("session");
    await forget("arrivals");
    state.session.set(null);
  }
  state.trust.set((await read("trust")) ?? null);
  state.portalName.set(bundle.portal_name || state.portalName.value);
  state.bundle.set(bundle);
  if (!languageWasChosen()) await useLanguage(bundle.person.language);
  void lookForPlan();
  void rightPerson(bundle.person.id).catch(() => null);
}
