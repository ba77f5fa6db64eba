import type { Door, PlanIndex } from "../contracts";
import { type Trust, write } from "../keep/kept";
import { unb64 } from "../lib/b64";
import { Trouble } from "../lib/trouble";
import * as state from "../state";

const TIMEOUT_MS = 5_000;

/*
 * A device that has never had a bundle knows no doors and no root key. It takes both from the plan folder of the very
 * origin that served this page, which it has to trust anyhow.
 */

/** Return doors to show a badge to. */
export async function doorsNearby(): Promise<Door[]> {
  const known = state.doors();
  return known.length > 0 ? known : (await originIndex()).doors;
}

/** Return by what this device checks a plan; kept, once it is known. Throws `Trouble` when nobody answers. */
export async function trustNearby(): Promise<Trust> {
  const known = state.trust.value;
  if (known?.root_public) return known;
  const [index, root_public] = await Promise.all([originIndex(), originText("/plan/root.public")]);
  const { district, plan_hosts, portal_name } = index;
  const trust = { district, plan_hosts, portal_name, root_public };
  await write("trust", trust);
  state.trust.set(trust);
  return trust;
}

async function originIndex(): Promise<PlanIndex> {
  try {
    const raw = unb64((await originText("/plan/index.plan")).split(".")[2] ?? "");
    return JSON.parse(new TextDecoder().decode(raw.slice(0, -64))) as PlanIndex;
  } catch {
    throw new Trouble("line", "line", true);
  }
}

async function originText(path: string): Promise<string> {
  const response = await fetch(path, { cache: "no-cache", signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
  if (!response?.ok) throw new Trouble("line", "line", true);
  return (await response.text()).trim();
}
