import type { Door } from "../contracts";
import { DOOR_TIMEOUT_MS } from "../door/door";
import { firstGood } from "../door/first-good";
import { ensureSession } from "../class-list/ensure-session";
import { language } from "../i18n";
import { has, request } from "../lib/request";
import type { Sitting } from "../plan/day";
import { doors } from "../state";

/**
 * Open a BigBlueButton conference: its link is made for this person by a door (`GET /bbb`), so that no secret lies in the
 * plan. Says whether it is open. The tab is opened at the tap: later a browser would take it for a pop-up.
 */
export async function openConference(sitting: Sitting): Promise<boolean> {
  const tab = window.open("about:blank", "_blank");
  if (tab) tab.opener = null;
  try {
    const url = await conferenceUrl(sitting, doors(), await ensureSession(sitting, new AbortController().signal));
    if (tab) tab.location.replace(url);
    else location.assign(url);
    return true;
  } catch {
    tab?.close();
    return false;
  }
}

/** Return the link that a door makes; only a web address is taken. */
export async function conferenceUrl(sitting: Sitting, among: readonly Door[], session: string): Promise<string> {
  const query = new URLSearchParams({ meeting: sitting.id, section: sitting.section, language: language.value });
  const { url } = await firstGood(among, (door) =>
    request(`${door.url.replace(/\/$/, "")}/bbb?${query}`, {
      headers: { Authorization: `Day ${session}` },
      timeoutMs: DOOR_TIMEOUT_MS,
      accepts: has<{ url: string }>("url"),
    }),
  );
  if (!/^https?:\/\//.test(url)) throw new Error("not a web address");
  return url;
}
