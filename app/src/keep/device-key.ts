import type { DeviceKey } from "../contracts";
import { sha256Hex, utf8 } from "../signing/paseto";
import { b64 } from "../lib/b64";
import { read, write } from "./kept";

const ECDSA = { name: "ECDSA", namedCurve: "P-256" } as const;

/** Return this device's key pair; its private half never leaves the browser's key store. Made at the first sign-on. */
export async function deviceKey(): Promise<CryptoKeyPair> {
  const held = await read("device_key");
  if (held) return held;
  const made = await crypto.subtle.generateKey(ECDSA, false, ["sign", "verify"]);
  await write("device_key", made);
  return made;
}

export async function publicHalf(pair: CryptoKeyPair): Promise<DeviceKey> {
  const jwk = await crypto.subtle.exportKey("jwk", pair.publicKey);
  if (!jwk.x || !jwk.y) throw new Error("not a P-256 key");
  return { x: jwk.x, y: jwk.y };
}

/** Return the proof that this device holds its key, over a door's nonce and what it shows (pass, badge or code). */
export async function prove(pair: CryptoKeyPair, nonce: string, shown: string): Promise<string> {
  const message = utf8(`schoolday-first-contact\n${nonce}\n${await sha256Hex(shown)}`);
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, pair.privateKey, message);
  return b64(new Uint8Array(signature));
}
