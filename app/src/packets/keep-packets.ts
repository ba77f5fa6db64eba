import { answerOf, BYTES, fromOne, TooLarge } from "./fetch-packet";
import { LESSON_PATH, type PacketName, packetName, PACKETS_CACHE } from "./names";

/** All packets on a device together: what a small phone can spare. Our judgement, and below every browser's quota. */
export const ALL_AT_MOST_BYTES = 20 * 2 ** 20;

export interface Wanted {
  /** Addresses as the plan has them, the most urgent first. */
  urls: readonly string[];
  /** Plan hosts and doors. */
  sources: readonly string[];
  /** Asked before each packet: a bell or a class may have come near. */
  may: () => boolean;
  onKept: (here: ReadonlySet<string>) => void;
  atMostBytes?: number;
}

/**
 * Bring these packets to this device, forget all others, and tell after each which are here. A file that is not what its
 * name says (SHA-256) is not kept. What does not fit is left out; what fails is tried again at the next call.
 */
export async function keepPackets(wanted: Wanted): Promise<void> {
  if (!("caches" in globalThis)) return;
  const cache = await caches.open(PACKETS_CACHE);
  const names = new Map(wanted.urls.flatMap((url) => {
    const named = packetName(url);
    return named ? [[LESSON_PATH + named.name, { url, named }] as const] : [];
  }));
  const here = new Set<string>();
  let bytes = 0;
  for (const request of await cache.keys()) {
    const one = names.get(new URL(request.url).pathname);
    if (!one) {
      await cache.delete(request);
      continue;
    }
    bytes += Number((await cache.match(request))?.headers.get(BYTES) ?? 0);
    here.add(one.url);
  }
  wanted.onKept(new Set(here));
  for (const [path, { url, named }] of names) {
    if (here.has(url)) continue;
    if (!wanted.may()) return;
    const room = (wanted.atMostBytes ?? ALL_AT_MOST_BYTES) - bytes;
    const got = await fromAny(wanted.sources, named, room);
    if (!got) continue;
    await cache.put(path, answerOf(got, named));
    bytes += got.byteLength;
    here.add(url);
    wanted.onKept(new Set(here));
  }
}

/** Sign-off: a lesson is not secret, but it says which class its reader is in. */
export async function forgetPackets(): Promise<void> {
  if ("caches" in globalThis) await caches.delete(PACKETS_CACHE);
}

async function fromAny(sources: readonly string[], named: PacketName, room: number): Promise<Uint8Array<ArrayBuffer> | null> {
  for (const source of sources) {
    try {
      const data = await fromOne(source, named, room);
      if (data) return data;
    } catch (error) {
      if (error instanceof TooLarge) return null; // the same everywhere
    }
  }
  return null;
}
