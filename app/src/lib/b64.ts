/** Return unpadded URL-safe base64. */
export function b64(data: Uint8Array): string {
  let text = "";
  for (const byte of data) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** Return the bytes of unpadded URL-safe base64; throws for any other letter, padding, or a form that is not canonical. */
export function unb64(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*$/.test(text)) throw new Error("not base64");
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const data = new Uint8Array(plain.length);
  for (let i = 0; i < plain.length; i++) data[i] = plain.charCodeAt(i);
  if (b64(data) !== text) throw new Error("not canonical base64");
  return data;
}
