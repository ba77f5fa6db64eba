/**
 * Say whether `signature` over `message` is by the 32-byte key. WebCrypto where the browser has Ed25519 (Chrome 137,
 * Firefox 129, Safari 17), else the noble library, loaded only then.
 */
export async function verifyEd25519(
  key: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  let imported: CryptoKey;
  try {
    imported = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  } catch {
    return verifyWithNoble(key, signature, message);
  }
  return crypto.subtle.verify("Ed25519", imported, signature, message);
}

export async function verifyWithNoble(
  key: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  const noble = await import("@noble/ed25519");
  try {
    return await noble.verifyAsync(signature, message, key, { zip215: false });
  } catch {
    return false; // a point or scalar that is none
  }
}
