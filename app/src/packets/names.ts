/** The cache that holds lesson packets, and the path below which the service worker serves them. */
export const PACKETS_CACHE = "lesson-packets";
export const LESSON_PATH = "/lesson/";

/** `packets/<sha256>.<ending>` of a plan, and nothing else. */
const FORM = /^packets\/(([0-9a-f]{64})\.([a-z0-9]{1,5}))$/;

export interface PacketName {
  name: string;
  sha256: string;
  ending: string;
}

export function packetName(url: string): PacketName | null {
  const found = FORM.exec(url);
  return found ? { name: found[1]!, sha256: found[2]!, ending: found[3]! } : null;
}
