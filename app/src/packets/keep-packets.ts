import { sha256Hex } from "../signing/paseto";
import { LESSON_PATH, type PacketName, packetName, PACKETS_CACHE } from "./names";

/** All packets on a device together: what a small phone can spare. Our judgement, and below every browser's quota. */
export const ALL_AT_MOST_BYTES = 20 * 2 ** 20;
const FETCH_TIMEOUT_MS = 60_000;
const BYTES = "x-bytes";

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8", pdf: "application/pdf", txt: "text/plain; charset=utf-8", png: "image/png", jpg: "image/jpeg",
  jpeg: "image/jpeg", webp: "image/webp", svg: "image/svg+xml", mp3: "audio/mpeg", m4a: "audio/mp4", mp4: "video/mp4",
};
// A lesson is read, not run: it may not act as the app, whose address it is opened at.
const RUNS_NOTHING = "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self' data:; style-src 'unsafe-inline'; font-src data:";

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
    const got = await fromAny(wanted.sources, url, named, room);
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

function answerOf(data: Uint8Array<ArrayBuffer>, named: PacketName): Response {
  const headers: Record<string, string> = {
    "Content-Type": TYPES[named.ending] ?? "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    [BYTES]: String(data.byteLength),
  };
  // A browser's own PDF reader does not open in a sandbox, and needs none.
  if (named.ending !== "pdf") headers["Content-Security-Policy"] = RUNS_NOTHING;
  return new Response(data, { headers });
}

async function fromAny(sources: readonly string[], url: string, named: PacketName, room: number): Promise<Uint8Array<ArrayBuffer> | null> {
  for (const source of sources) {
    try {
      const response = await fetch(`${source}/${url}`, { credentials: "omit", signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
      if (!response.ok) continue;
      const data = await readAtMost(response, room);
      if (!data) return null; // too large here, and the same everywhere
      if ((await sha256Hex(data)) === named.sha256) return data;
    } catch {
      continue;
    }
  }
  return null;
}

/** Read a body up to a length; null when it is longer. */
async function readAtMost(response: Response, atMost: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (Number(response.headers.get("Content-Length") ?? 0) > atMost) {
    await response.body?.cancel();
    return null;
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) break;
    bytes += part.value.byteLength;
    if (bytes > atMost) {
      await reader?.cancel();
      return null;
    }
    parts.push(part.value);
  }
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
