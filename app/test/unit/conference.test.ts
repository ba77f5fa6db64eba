import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { conferenceUrl, openConference } from "../../src/joining/conference";
import type { Sitting } from "../../src/plan/day";
import { useWords } from "../../src/i18n";
import es from "../../src/locale/es.json";
import * as state from "../../src/state";
import type { Bundle } from "../../src/contracts";

const SITTING = { id: "m1", section: "math" } as Sitting;
const DOORS = [{ id: "d1", url: "https://d1/" }, { id: "d2", url: "https://d2" }];
let answers: Record<string, unknown>;
let asked: string[];

beforeEach(() => {
  useWords("es", es);
  answers = {};
  asked = [];
  state.bundle.set({ person: { id: "me" }, doors: DOORS } as unknown as Bundle);
  state.session.set({ text: "ds1.me", sub: "me", how: "pass" });
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    asked.push(`${url} ${(init.headers as Record<string, string>).Authorization}`);
    const answer = answers[new URL(url).origin];
    if (!answer) throw new TypeError("no line");
    return new Response(JSON.stringify(answer));
  });
});
afterEach(() => void vi.unstubAllGlobals());

test("a door makes the link; the next one when the first is dead", async () => {
  answers = { "https://d2": { url: "https://bbb.example/join?x=1" } };
  expect(await conferenceUrl(SITTING, DOORS, "ds1.me")).toBe("https://bbb.example/join?x=1");
  expect(asked[0]).toBe("https://d1/bbb?meeting=m1&section=math&language=es Day ds1.me");
  expect(asked).toHaveLength(2);
});

test.each(["javascript:alert(1)", "data:text/html,x", "/relative"])("only a web address is opened, not %s", async (url) => {
  answers = { "https://d1": { url } };
  await expect(conferenceUrl(SITTING, DOORS, "ds1.me")).rejects.toThrow("not a web address");
});

function tapOpens() {
  const tab = { opener: {} as unknown, closed: false, at: "", location: { replace: (url: string) => void (tab.at = url) }, close: () => void (tab.closed = true) };
  vi.stubGlobal("window", { open: () => tab });
  return tab;
}

test("the tab opens at the tap, knows nothing of ours, and goes to the conference", async () => {
  const tab = tapOpens();
  answers = { "https://d1": { url: "https://bbb.example/j" } };
  expect(await openConference(SITTING)).toBe(true);
  expect(tab).toMatchObject({ at: "https://bbb.example/j", opener: null, closed: false });
});

test("without a door the tab is closed again", async () => {
  const tab = tapOpens();
  expect(await openConference(SITTING)).toBe(false);
  expect(tab).toMatchObject({ at: "", closed: true });
});
