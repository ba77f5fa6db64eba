import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type AgentWish, CaptionsAgent } from "../../src/live/follow/captions-agent";
import { Recogniser } from "../../src/live/follow/recogniser";
import * as state from "../../src/state";

interface Asked {
  url: string;
  session: string;
  body: Record<string, unknown>;
}
let asked: Asked[];
let answers: (() => { status: number; body: unknown })[];
const error = (status: number, code: string, retryable = true) => () => ({ status, body: { code, text: "", retryable } });
const is = (how: string) => () => ({ status: 200, body: { meeting: "m", state: how, lang: "en", engine: "x", languages: ["en"] } });

beforeEach(() => {
  vi.useFakeTimers();
  [asked, answers] = [[], []];
  state.bundle.set({ person: { id: "t" } } as never);
  state.session.set({ text: "s1", sub: "t", how: "pass" });
  vi.stubGlobal("fetch", async (url: string, how: { headers: Record<string, string>; body: string }) => {
    asked.push({ url, session: how.headers.Authorization!, body: JSON.parse(how.body) as Record<string, unknown> });
    const { status, body } = (answers.length > 1 ? answers.shift()! : answers[0]!)();
    return new Response(JSON.stringify(body), { status });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  state.session.set(null);
  state.bundle.set(null);
});

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const english: AgentWish = { on: true, lang: "en" };

test("it is asked until it is there, then every half minute, and told once to go", async () => {
  const agent = new CaptionsAgent({ meeting: "m", section: "s" });
  answers = [is("coming"), is("coming"), is("on")];
  agent.want(english);
  await pass(0);
  expect(agent.state.value).toBe("coming");
  await pass(5_000);
  expect([agent.state.value, asked.length]).toEqual(["on", 3]);
  expect(asked[0]).toEqual({ url: "/agents/captions", session: "Day s1", body: { meeting: "m", section: "s", on: true, lang: "en" } });
  await pass(60_000);
  expect(asked).toHaveLength(5);
  agent.want({ on: true, lang: "en" });
  await pass(0);
  expect(asked, "the same wish asks nothing").toHaveLength(5);
  answers = [is("off")];
  agent.want({ on: false });
  await pass(300_000);
  expect([agent.state.value, asked.length, asked.at(-1)!.body.on]).toEqual(["off", 6, false]);
});

test("what stands in the way is said, and it is asked again, but not for a language it has not", async () => {
  const agent = new CaptionsAgent({ meeting: "m", section: "s" });
  answers = [error(503, "busy"), is("on")];
  agent.want(english);
  await pass(0);
  expect(agent.state.value).toBe("busy");
  await pass(20_000);
  expect(agent.state.value).toBe("on");
  answers = [error(409, "no_such_language", false), is("off")];
  agent.want({ on: true, lang: "ht" });
  await pass(0);
  expect(agent.state.value).toBe("language");
  expect(asked.at(-1)!.body, "it does not listen in a language that she does not speak").toMatchObject({ on: false });
  const before = asked.length;
  await pass(300_000);
  expect(asked).toHaveLength(before);
  agent.want(null);
  expect(agent.state.value).toBe("off");
});

test("what is not ours that answers, or nobody, is said so and asked more and more seldom; nothing is asked after the end", async () => {
  const agent = new CaptionsAgent({ meeting: "m", section: "s" });
  answers = [() => ({ status: 200, body: "<html>" })];
  agent.want(english);
  await pass(0);
  expect(agent.state.value).toBe("none");
  await pass(600_000);
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.length).toBeLessThan(120);
  const before = asked.length;
  agent.want(null);
  await pass(600_000);
  expect(asked).toHaveLength(before);
});

test("a late answer to an older wish changes nothing", async () => {
  const agent = new CaptionsAgent({ meeting: "m", section: "s" });
  answers = [is("on"), is("off")];
  agent.want(english);
  agent.want({ on: false });
  await pass(100_000);
  expect(agent.state.value).toBe("off");
});

test("a browser whose engine has no service is found out after two tries, and one without an engine at once", async () => {
  vi.stubGlobal("SpeechRecognition", undefined);
  expect(new Recogniser({ adult: true, say: () => {} }).unable.value).toBe(true);
  let started = 0;
  class Dumb {
    onerror: ((event: { error: string }) => void) | null = null;
    onend: (() => void) | null = null;
    start(): void {
      started++;
      setTimeout(() => {
        this.onerror?.({ error: "network" });
        this.onend?.();
      }, 10);
    }
    abort(): void {}
  }
  vi.stubGlobal("SpeechRecognition", Dumb);
  const own = new Recogniser({ adult: true, say: () => {} });
  expect(own.unable.value).toBe(false);
  own.want("en");
  await pass(60_000);
  expect([started, own.unable.value, own.state.value]).toEqual([2, true, "none"]);
  own.want(null);
  expect(own.unable.value, "it is remembered while she is silent").toBe(true);
});
