import { expect, test, vi } from "vitest";
import { has, request } from "../../src/lib/request";

interface Thing {
  a: number;
}
const ask = (timeoutMs = 1000, signal?: AbortSignal) => request("https://x/y", { timeoutMs, accepts: has<Thing>("a"), signal });
const serve = (body: string, status = 200) => vi.stubGlobal("fetch", async () => new Response(body, { status }));

function hang() {
  vi.stubGlobal("fetch", (_url: string, init: RequestInit) =>
    new Promise((_, reject) => init.signal!.addEventListener("abort", () => reject(new DOMException("", "AbortError")))));
}

test("takes an answer of the contract's form", async () => {
  serve('{"a": 1}');
  expect(await ask()).toEqual({ a: 1 });
});

test.each([
  ["a stranger's page with status 200", "<html>Welcome to our Wi-Fi</html>", 200, { code: "stranger", layer: "stranger", retryable: true }],
  ["JSON of another form", '{"b": 1}', 200, { code: "stranger", layer: "stranger" }],
  ["an error of ours", '{"code": "not_your_class", "text": "", "retryable": false}', 403, { code: "not_your_class", layer: "refused", retryable: false }],
  ["a busy door", '{"code": "busy", "text": "", "retryable": true, "retry_after_seconds": 2}', 503, { code: "busy", layer: "server", retryAfterSeconds: 2 }],
  ["an edge whose office is dead", "<html>502</html>", 502, { code: "stranger", layer: "server", retryable: true }],
  ["a stranger's 404", "nothing", 404, { code: "stranger", layer: "stranger", retryable: true }],
])("%s", async (_what, body, status, trouble) => {
  serve(body, status);
  await expect(ask()).rejects.toMatchObject(trouble);
});

test("nobody there, too slow, and gone away are three things", async () => {
  vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("fetch failed")));
  await expect(ask()).rejects.toMatchObject({ code: "line", layer: "line" });
  hang();
  await expect(ask(10)).rejects.toMatchObject({ code: "slow", layer: "slow" });
  const stop = new AbortController();
  const asked = ask(1000, stop.signal);
  stop.abort();
  await expect(asked).rejects.toMatchObject({ code: "stopped", retryable: false });
});
