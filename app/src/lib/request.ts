import { Trouble } from "./trouble";

export interface Ask<T> {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  body?: unknown;
  /** Sent as they are, instead of `body`. */
  bytes?: ArrayBuffer;
  headers?: Record<string, string>;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Says whether the answer is of the contract's form: a stranger's page with status 200 is none. */
  accepts: (answer: unknown) => answer is T;
  cookies?: boolean;
  keepalive?: boolean;
}

/** Ask for JSON; every way of failing is a `Trouble`. */
export async function request<T>(url: string, ask: Ask<T>): Promise<T> {
  const text = await fetchText(url, ask);
  const answer = parse(text.body);
  if (text.status >= 200 && text.status < 300) {
    if (ask.accepts(answer)) return answer;
    throw new Trouble("stranger", "stranger", true, 0, text.status);
  }
  if (isContractError(answer)) {
    const layer = text.status >= 500 ? "server" : "refused";
    throw new Trouble(answer.code, layer, answer.retryable, answer.retry_after_seconds ?? 0, text.status);
  }
  throw new Trouble("stranger", text.status >= 500 ? "server" : "stranger", true, 0, text.status);
}

async function fetchText<T>(url: string, ask: Ask<T>): Promise<{ status: number; body: string }> {
  const stop = new AbortController();
  const giveUp = () => stop.abort();
  let slow = false;
  const timer = setTimeout(() => {
    slow = true;
    stop.abort();
  }, ask.timeoutMs);
  ask.signal?.addEventListener("abort", giveUp, { once: true });
  try {
    const response = await fetch(url, {
      method: ask.method ?? "GET",
      signal: stop.signal,
      cache: "no-store",
      // A captive portal sends you elsewhere; a door never does. Not followed, it is seen for what it is.
      redirect: ask.cookies ? "follow" : "manual",
      credentials: ask.cookies ? "same-origin" : "omit",
      keepalive: ask.keepalive ?? false,
      headers: { ...(ask.body === undefined ? {} : { "Content-Type": "application/json" }), ...ask.headers },
      ...(ask.body === undefined ? {} : { body: JSON.stringify(ask.body) }),
      ...(ask.bytes && { body: ask.bytes }),
    });
    if (response.type === "opaqueredirect") throw new Trouble("stranger", "stranger", true);
    return { status: response.status, body: await response.text() };
  } catch (error) {
    if (error instanceof Trouble) throw error;
    if (ask.signal?.aborted) throw new Trouble("stopped", "line", false);
    if (slow) throw new Trouble("slow", "slow", true);
    throw new Trouble("line", "line", true);
  } finally {
    clearTimeout(timer);
    ask.signal?.removeEventListener("abort", giveUp);
  }
}

function parse(body: string): unknown {
  if (body === "") return null;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

interface ContractError {
  code: string;
  retryable: boolean;
  retry_after_seconds?: number;
}

function isContractError(value: unknown): value is ContractError {
  return isRecord(value) && typeof value.code === "string" && typeof value.retryable === "boolean";
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A check that an answer is an object with these fields. */
export function has<T>(...fields: (keyof T & string)[]): (answer: unknown) => answer is T {
  return (answer): answer is T => isRecord(answer) && fields.every((field) => field in answer);
}

export const isEmpty = (answer: unknown): answer is null => answer === null;
