import { csrfToken } from "../../../office/office";
import { isRecord } from "../../../lib/request";
import { Trouble } from "../../../lib/trouble";
import { daySession } from "../../../state";

const QUIET_AT_MOST_MS = 30_000;

export type FileKind = "file" | "board" | "slides";

export interface Upload {
  meeting: string;
  section: string;
  kind: FileKind;
  name: string;
  blob: Blob;
  /** 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/** What the office keeps of a file of a class. */
export interface KeptFile {
  id: string;
  name: string;
  media_type: string;
  bytes: number;
}

/** Give a file to the office. Rejects with a `Trouble`; `stopped` when `signal` said so. A line that is silent for 30 s is given up. */
export async function upload(what: Upload): Promise<KeptFile> {
  const form = new FormData();
  form.set("meeting", what.meeting);
  form.set("section", what.section);
  form.set("kind", what.kind);
  form.set("file", what.blob, what.name);
  const session = daySession();
  const token = session ? "" : await csrfToken();
  return new Promise((resolve, reject) => {
    // fetch tells nothing of how much has gone out.
    const sending = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout>;
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => sending.abort(), QUIET_AT_MOST_MS);
    };
    const stop = (): void => sending.abort();
    sending.open("POST", "/api/classbook/files");
    if (session) sending.setRequestHeader("Authorization", `Day ${session}`);
    else sending.setRequestHeader("X-CSRFToken", token);
    sending.upload.onprogress = (event) => {
      alive();
      if (event.lengthComputable) what.onProgress(event.loaded / event.total);
    };
    sending.onload = () => settle(sending, resolve, reject);
    sending.onerror = () => reject(new Trouble("line", "line", true));
    sending.onabort = () => reject(what.signal.aborted ? new Trouble("stopped", "line", false) : new Trouble("slow", "slow", true));
    sending.onloadend = () => {
      clearTimeout(timer);
      what.signal.removeEventListener("abort", stop);
    };
    if (what.signal.aborted) return reject(new Trouble("stopped", "line", false));
    what.signal.addEventListener("abort", stop, { once: true });
    alive();
    sending.send(form);
  });
}

function settle(sending: XMLHttpRequest, resolve: (kept: KeptFile) => void, reject: (trouble: Trouble) => void): void {
  let answer: unknown;
  try {
    answer = JSON.parse(sending.responseText);
  } catch {
    answer = undefined; // a stranger's page
  }
  if (sending.status === 201 && isRecord(answer) && typeof answer.id === "string" && typeof answer.name === "string")
    return resolve({ id: answer.id, name: answer.name, media_type: String(answer.media_type ?? ""), bytes: Number(answer.bytes ?? 0) });
  const code = isRecord(answer) && typeof answer.code === "string" ? answer.code : "stranger";
  reject(new Trouble(code, sending.status >= 500 ? "server" : "refused", sending.status >= 500, 0, sending.status));
}
