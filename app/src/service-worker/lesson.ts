import { read } from "../keep/kept";
import { sleep } from "../lib/jitter";
import { answerOf, fromOne } from "../packets/fetch-packet";
import { LESSON_PATH, packetName, PACKETS_CACHE } from "../packets/names";

// As teachers may upload, and then some.
const AT_MOST_BYTES = 8 * 2 ** 20;
// A host that is dead refuses at once; one that is cut off is silent, and the child waits.
const NEXT_AFTER_MS = 3_000;

/**
 * Serve a lesson packet from this device, else from the first plan host that has it whole: one after the other, the next
 * already when the one before is silent. Where none has it the browser says so, at the first.
 */
export async function serveLesson(path: string): Promise<Response> {
  const kept = await (await caches.open(PACKETS_CACHE)).match(path);
  if (kept) return kept;
  const hosts = ((await read("trust"))?.plan_hosts ?? ["/plan"]).map((host) => new URL(host.replace(/\/$/, ""), location.origin).href);
  const name = path.slice(LESSON_PATH.length);
  const named = packetName(`packets/${name}`);
  if (named) {
    const found = await firstOf(hosts.map((host) => () => fromOne(host, named, AT_MOST_BYTES)));
    if (found) return answerOf(found, named);
  }
  return Response.redirect(`${hosts[0]}/packets/${name}`, 302);
}

/** The first that gives something; each begins when the one before has failed, or has been silent for a while. */
async function firstOf<T>(tries: readonly (() => Promise<T | null>)[]): Promise<T | null> {
  let found: T | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const all = tries.map((begin) => {
    const mine = turn.then(async () => {
      const one = found ?? (await begin());
      if (one === null) throw new Error("not there");
      found = one;
      return one;
    });
    turn = turn.then(() => Promise.race([mine.catch(() => null), sleep(NEXT_AFTER_MS)]));
    return mine;
  });
  return Promise.any(all).catch(() => null);
}
