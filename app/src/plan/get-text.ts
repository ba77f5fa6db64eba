// A good index of a large district is 100 KB, a school's plan 300 KB. Whoever sends more is not a plan host.
export const PLAN_AT_MOST_BYTES = 4 * 2 ** 20;
const FETCH_TIMEOUT_MS = 6_000;

/** Fetch a plan file as text; throws when it does not come in time, is too large, or the answer is no. */
export async function getText(url: string): Promise<string> {
  const response = await fetch(url, {
    cache: "no-cache", // asks whether it changed; an unchanged plan is not sent again
    credentials: "omit",
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`plan host answered ${response.status}`);
  return (await limited(response)).trim();
}

async function limited(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return text + decoder.decode();
    bytes += part.value.byteLength;
    if (bytes > PLAN_AT_MOST_BYTES) {
      await reader?.cancel();
      throw new Error("plan file too large");
    }
    text += decoder.decode(part.value, { stream: true });
  }
}
