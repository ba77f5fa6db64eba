import { beforeEach, expect, test, vi } from "vitest";
import { keepPackets, forgetPackets } from "../../src/packets/keep-packets";
import { packetName } from "../../src/packets/names";
import type { Trust } from "../../src/keep/kept";
import { write } from "../../src/keep/kept";
import { packetsOf } from "../../src/packets/when-calm";
import type { Sitting } from "../../src/plan/day";
import { serveLesson } from "../../src/service-worker/lesson";
import { sha256Hex } from "../../src/signing/paseto";

/** A Cache Storage of one cache, as the browser's. */
class Cache {
  readonly held = new Map<string, Response>();
  keys = async () => [...this.held.keys()].map((path) => ({ url: `https://app${path}` }));
  match = async (of: string | { url: string }) => this.held.get(pathOf(of))?.clone();
  put = async (of: string, response: Response) => void this.held.set(of, response);
  delete = async (of: string | { url: string }) => this.held.delete(pathOf(of));
}
const pathOf = (of: string | { url: string }) => (typeof of === "string" ? of : new URL(of.url).pathname);

let cache: Cache;
let files: Map<string, string>;
let asked: string[];
const A = "https://a/plan";
const B = "https://b/plan";

beforeEach(() => {
  cache = new Cache();
  files = new Map();
  asked = [];
  vi.stubGlobal("caches", { open: async () => cache, delete: async () => cache.held.clear() });
  vi.stubGlobal("location", { origin: "https://app" });
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(url);
    const text = files.get(url);
    return text === undefined ? new Response("", { status: 404 }) : new Response(text);
  });
});

async function packet(text: string, ending: string, ...sources: string[]): Promise<string> {
  const url = `packets/${await sha256Hex(text)}.${ending}`;
  for (const source of sources) files.set(`${source}/${url}`, text);
  return url;
}

async function keep(urls: string[], how: { may?: () => boolean; atMostBytes?: number } = {}): Promise<string[]> {
  let here: ReadonlySet<string> = new Set();
  await keepPackets({ urls, sources: [A, B], may: () => true, onKept: (now) => (here = now), ...how });
  return [...here];
}

test("brings what any source has, and serves it without a line", async () => {
  const one = await packet("<h1>Fractions</h1>", "html", B);
  expect(await keep([one])).toEqual([one]);
  asked.length = 0;
  const served = await serveLesson(`/lesson/${packetName(one)!.name}`);
  expect(await served.text()).toBe("<h1>Fractions</h1>");
  expect(asked).toEqual([]);
});

test("a lesson is read, not run: it cannot act as the app", async () => {
  const one = await packet("<script>steal()</script>", "html", A);
  await keep([one]);
  const headers = (await serveLesson(`/lesson/${packetName(one)!.name}`)).headers;
  expect(headers.get("Content-Security-Policy")).toMatch(/^sandbox; default-src 'none'/);
  expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
});

test("a file that is not what its name says is not kept; another source may have the right one", async () => {
  const one = await packet("right", "txt", B);
  files.set(`${A}/${one}`, "altered");
  expect(await keep([one])).toEqual([one]);
  expect(await (await serveLesson(`/lesson/${packetName(one)!.name}`)).text()).toBe("right");
  const bad = await packet("never served", "txt");
  files.set(`${A}/${bad}`, "altered");
  expect(await keep([bad])).toEqual([]);
});

test("what is here is not asked for again, what the plan names no more is forgotten", async () => {
  const one = await packet("one", "txt", A);
  const two = await packet("two", "txt", A);
  await keep([one, two]);
  asked.length = 0;
  expect(await keep([two])).toEqual([two]);
  expect(asked).toEqual([]);
  expect(cache.held.size).toBe(1);
});

test("takes no more room than it may, the most urgent first", async () => {
  const large = await packet("x".repeat(80), "txt", A);
  const small = await packet("y".repeat(15), "txt", A);
  const last = await packet("z".repeat(15), "txt", A);
  expect(await keep([large, small, last], { atMostBytes: 100 })).toEqual([large, small]);
  // After a restart what lies here counts.
  expect(await keep([large, small, last], { atMostBytes: 100 })).toEqual([large, small]);
});

test("stops when a bell comes near, and only looks what is here", async () => {
  const one = await packet("one", "txt", A);
  expect(await keep([one], { may: () => false })).toEqual([]);
  expect(asked).toEqual([]);
});

test("a lesson that is not here leads to the plan host", async () => {
  const answer = await serveLesson("/lesson/abc.pdf");
  expect(answer.status).toBe(302);
  expect(answer.headers.get("Location")).toBe("https://app/plan/packets/abc.pdf");
});

const open = async (url: string) => serveLesson(`/lesson/${packetName(url)!.name}`);
const hosts = async () => write("trust", { district: "demo", root_public: "", plan_hosts: [A, `${B}/`] } as Trust);

test("a lesson that is not here opens from any plan host, also when the first is dead or lies", async () => {
  await hosts();
  const one = await packet("read page 12", "txt", B);
  expect(await (await open(one)).text()).toBe("read page 12");
  files.set(`${A}/${one}`, "altered");
  const answer = await open(one);
  expect(await answer.text()).toBe("read page 12");
  expect(answer.headers.get("Content-Security-Policy")).toMatch(/^sandbox/);
  vi.stubGlobal("fetch", async (url: string) => {
    if (url.startsWith(A)) throw new TypeError("connection refused");
    return new Response("read page 12");
  });
  expect(await (await open(one)).text()).toBe("read page 12");
});

test("a plan host that is silent is not waited for", async () => {
  await hosts();
  vi.useFakeTimers();
  const one = await packet("read page 12", "txt", B);
  vi.stubGlobal("fetch", (url: string) =>
    url.startsWith(A) ? new Promise<Response>(() => {}) : Promise.resolve(new Response("read page 12")));
  const answer = open(one);
  await vi.advanceTimersByTimeAsync(3_100);
  expect(await (await answer).text()).toBe("read page 12");
  vi.useRealTimers();
});

test("the second host is left alone when the first has it, and who has none leads to the first", async () => {
  await hosts();
  const one = await packet("both have it", "txt", A, B);
  asked.length = 0;
  await open(one);
  expect(asked).toEqual([`${A}/${one}`]);
  const answer = await open(`packets/${"0".repeat(64)}.pdf`);
  expect(answer.status).toBe(302);
  expect(answer.headers.get("Location")).toBe(`${A}/packets/${"0".repeat(64)}.pdf`);
});

test("sign-off leaves none", async () => {
  await keep([await packet("one", "txt", A)]);
  await forgetPackets();
  expect(cache.held.size).toBe(0);
});

test("only names of the plan's form are packets", () => {
  const good = `packets/${"0".repeat(64)}.pdf`;
  const bad = ["packets/../index.plan", "packets/lesson.pdf", `https://x/${good}`, `${good}?x`, `packets/${"0".repeat(64)}`];
  for (const url of bad) expect(packetName(url)).toBeNull();
  const sitting = { alternates: [...bad, good, good].map((url) => ({ kind: "packet", url })) } as unknown as Sitting;
  expect(packetsOf([sitting, sitting])).toEqual([good]);
});
