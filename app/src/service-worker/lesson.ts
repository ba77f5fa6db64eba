import { read } from "../keep/kept";
import { LESSON_PATH, PACKETS_CACHE } from "../packets/names";

/** Serve a lesson packet from this device; one that is not here any more is looked for where the plan lies. */
export async function serveLesson(path: string): Promise<Response> {
  const kept = await (await caches.open(PACKETS_CACHE)).match(path);
  if (kept) return kept;
  const base = (await read("trust"))?.plan_hosts[0] ?? "/plan";
  return Response.redirect(new URL(`${base.replace(/\/$/, "")}/packets/${path.slice(LESSON_PATH.length)}`, location.origin), 302);
}
