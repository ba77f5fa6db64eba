import type { Bundle } from "../contracts";
import { deviceKey, publicHalf } from "../keep/device-key";
import { write } from "../keep/kept";
import { clock } from "../lib/clock";
import { has } from "../lib/request";
import { cookiePerson } from "../state";
import { post } from "./office";

const isBundle = has<Bundle>("person", "root_public", "sections", "doors", "plan_hosts", "server_at");

/** Fetch the bundle for this person on this device and keep it. `session`: a day session, when there is no cookie. */
export async function renewBundle(session: string | null): Promise<Bundle> {
  const key = await publicHalf(await deviceKey());
  const bundle = await post("/api/bundle", { key }, session, isBundle);
  if (!session) cookiePerson.set(bundle.person.id);
  await write("bundle", { value: bundle, savedAt: clock.now() });
  await write("trust", {
    district: bundle.district,
    root_public: bundle.root_public,
    plan_hosts: bundle.plan_hosts,
    portal_name: bundle.portal_name,
  });
  return bundle;
}
