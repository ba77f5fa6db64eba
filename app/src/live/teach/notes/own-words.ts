import { has, isRecord, request } from "../../../lib/request";
import { codeOf } from "../../../lib/trouble";
import { read, write } from "../../../keep/kept";
import { post } from "../../../office/office";
import { daySession } from "../../../state";

const TIMEOUT_MS = 8_000;
const LESSONS_AT_MOST = 40;

/** A teacher's own words about one meeting. `version`: of the office's words these follow; `saved`: the office has them. */
export interface OwnWords {
  meeting: string;
  section: string;
  startsAt: number;
  text: string;
  version: number;
  saved: boolean;
}

interface Words {
  text: string;
  version: number;
}

export async function allWords(): Promise<OwnWords[]> {
  const held = await read("teach_notes");
  return (Array.isArray(held) ? held : []).filter(
    (one): one is OwnWords => isRecord(one) && typeof one.meeting === "string" && typeof one.text === "string" && typeof one.version === "number",
  );
}

export async function keepWords(words: OwnWords): Promise<void> {
  const others = (await allWords()).filter((one) => one.meeting !== words.meeting);
  await write("teach_notes", [words, ...others].slice(0, LESSONS_AT_MOST));
}

/** Return what the office has of this meeting. Throws when it does not answer. */
export function wordsAtOffice(meeting: string): Promise<Words> {
  const session = daySession();
  const headers: Record<string, string> = session ? { Authorization: `Day ${session}` } : {};
  return request(address(meeting), { headers, timeoutMs: TIMEOUT_MS, cookies: true, accepts: has<Words>("text", "version") });
}

/** Give her words to the office. Returns the version they have there; null: another window of hers wrote since. */
export async function giveWords(words: OwnWords): Promise<number | null> {
  try {
    const body = { text: words.text, version: words.version };
    const answer = await post(address(words.meeting), body, daySession(), has<Words>("version"), TIMEOUT_MS, "PUT");
    return answer.version;
  } catch (error) {
    if (codeOf(error) === "changed_elsewhere") return null;
    throw error;
  }
}

const address = (meeting: string): string => `/api/classbook/notes/${encodeURIComponent(meeting)}`;
