import { unb64 } from "../lib/b64";
import { isRecord } from "../lib/request";
import { verifyEd25519 } from "./ed25519";

const HEADER = "v4.public.";
const SIGNATURE_BYTES = 64;
const FOOTER_AT_MOST_LETTERS = 256;

export class BadSignature extends Error {}

export interface Footer {
  kid: string;
  use: string;
}

/** Public keys by kid, 32 bytes each. */
export type Keys = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** Return the footer without checking anything: to choose a key, never to decide. */
export function readFooter(token: string): Footer {
  const parts = token.split(".");
  const end = parts[3];
  if (parts.length !== 4 || end === undefined || end.length > FOOTER_AT_MOST_LETTERS || !token.startsWith(HEADER))
    throw new BadSignature("form");
  try {
    const footer: unknown = JSON.parse(new TextDecoder().decode(unb64(end)));
    if (isRecord(footer) && typeof footer.kid === "string" && typeof footer.use === "string")
      return { kid: footer.kid, use: footer.use };
  } catch {
    throw new BadSignature("footer");
  }
  throw new BadSignature("footer");
}

/**
 * Return the payload of a PASETO v4.public token made for one use, by a key in force; else throw `BadSignature`.
 * Source: paseto-standard/paseto-spec, v4, `Verify`.
 */
export async function openToken(token: string, keys: Keys, use: string): Promise<unknown> {
  const footer = readFooter(token);
  const key = keys.get(footer.kid);
  if (!key || footer.use !== use) throw new BadSignature("key or use");
  const [, , body = "", end = ""] = token.split(".");
  let raw: Uint8Array<ArrayBuffer>;
  try {
    raw = unb64(body);
  } catch {
    throw new BadSignature("base64");
  }
  if (raw.length < SIGNATURE_BYTES) throw new BadSignature("short");
  const message = raw.slice(0, -SIGNATURE_BYTES);
  const signature = raw.slice(-SIGNATURE_BYTES);
  const signed = preAuthEncode([utf8(HEADER), message, unb64(end), utf8(`schoolday:${use}`)]);
  if (!(await verifyEd25519(key, signature, signed))) throw new BadSignature("signature");
  return JSON.parse(new TextDecoder().decode(message));
}

/** PAE of the specification: the count, then each piece behind its length, as 64-bit little-endian numbers. */
export function preAuthEncode(pieces: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = pieces.reduce((sum, piece) => sum + 8 + piece.length, 8);
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  view.setBigUint64(0, BigInt(pieces.length), true);
  let at = 8;
  for (const piece of pieces) {
    view.setBigUint64(at, BigInt(piece.length), true);
    out.set(piece, at + 8);
    at += 8 + piece.length;
  }
  return out;
}

/** Return SHA-256 in hex. */
export async function sha256Hex(data: string | Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", typeof data === "string" ? utf8(data) : data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const utf8 = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
