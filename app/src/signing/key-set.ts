import type { KeySet } from "../contracts";
import { unb64 } from "../lib/b64";
import { type Keys, openToken } from "./paseto";

/** Return the key set that the root key signed. `rootPublic`: base64, from the bundle. */
export async function openKeySet(token: string, rootPublic: string): Promise<KeySet> {
  return (await openToken(token, new Map([["root", unb64(rootPublic)]]), "keyset")) as KeySet;
}

/** Return the keys that are valid at `at` (seconds). */
export function keysAt(keySet: KeySet, at: number): Keys {
  const inForce = keySet.keys.filter((key) => key.not_before <= at && at < key.not_after);
  return new Map(inForce.map((key) => [key.kid, unb64(key.public)]));
}
