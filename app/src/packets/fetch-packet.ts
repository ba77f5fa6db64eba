import { sha256Hex } from "../signing/paseto";
import type { PacketName } from "./names";

const FETCH_TIMEOUT_MS = 60_000;
export const BYTES = "x-bytes";

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8", pdf: "application/pdf", txt: "text/plain; charset=utf-8", png: "image/png", jpg: "image/jpeg",
  jpeg: "image/jpeg", webp: "image/webp", svg: "image/svg+xml", mp3: "audio/mpeg", m4a: "audio/mp4", mp4: "video/mp4",
};
// A lesson is read, not run: it may not act as the app, whose address it is opened at.
const RUNS_NOTHING = "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self' data:; style-src 'unsafe-inline'; font-src data:";

export function answerOf(data: Uint8Array<ArrayBuffer>, named: PacketName): Response {
  const headers: Record<string, string> = {
    "Content-Type": TYPES[named.ending] ?? "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    [BYTES]: String(data.byteLength),
  };
  // A browser's own PDF reader does not open in a sandbox, and needs none.
  if (named.ending !== "pdf") headers["Content-Security-Policy"] = RUNS_NOTHING;
  return new Response(data, { headers });
}

/** One source's file; null when the source has none, or another file under this name. Throws `TooLarge`, and when it is dead. */
export async function fromOne(source: string, named: PacketName, room: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const response = await fetch(`${source}/packets/${named.name}`, { credentials: "omit", signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) return null;
  const data = await readAtMost(response, room);
  return (await sha256Hex(data)) === named.sha256 ? data : null;
}

export class TooLarge extends Error {}

async function readAtMost(response: Response, atMost: number): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(response.headers.get("Content-Length") ?? 0) > atMost) {
    await response.body?.cancel();
    throw new TooLarge();
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
      throw new TooLarge();
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
