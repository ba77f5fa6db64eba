import { has, isRecord, request } from "../../../lib/request";
import { post } from "../../../office/office";
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

const isAny = (_answer: unknown): _answer is unknown => true;

/** Take a file of the class back from everybody. Throws when the office does not answer, or says no. */
export const takeFile = (id: string): Promise<unknown> => post(addressOf(id), {}, daySession(), isAny, TIMEOUT_MS, "DELETE");

/** Put it back, within ten minutes. */
export const putFileBack = (id: string): Promise<unknown> => post(addressOf(id), {}, daySession(), isAny, TIMEOUT_MS);

const addressOf = (id: string): string => `/api/classbook/files/${encodeURIComponent(id)}`;
