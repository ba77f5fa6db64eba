import { has, isRecord, request } from "../../../lib/request";
import { daySession } from "../../../state";
import type { KeptFile } from "./upload";

const TIMEOUT_MS = 8_000;
const LOAD_TIMEOUT_MS = 60_000;

const headers = (): Record<string, string> => {
  const session = daySession();
  return session ? { Authorization: `Day ${session}` } : {};
};

/** Return the files of a meeting that the office keeps. */
export async function filesOf(meeting: string): Promise<KeptFile[]> {
  const url = `/api/classbook/files?${new URLSearchParams({ meeting })}`;
  const answer = await request(url, { headers: headers(), timeoutMs: TIMEOUT_MS, cookies: true, accepts: has<{ files: KeptFile[] }>("files") });
  return answer.files.filter((one) => isRecord(one) && typeof one.id === "string" && typeof one.name === "string");
}

/** Load a file of a class. Throws when the office does not give it. */
export async function loadFile(id: string): Promise<Blob> {
  const url = `/api/classbook/files/${encodeURIComponent(id)}`;
  const answer = await fetch(url, { headers: headers(), credentials: "same-origin", signal: AbortSignal.timeout(LOAD_TIMEOUT_MS) });
  if (!answer.ok) throw new Error(`file: ${answer.status}`);
  return answer.blob();
}
