import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Announcer, type Told } from "../../src/live/follow/announcer";
import { CAPTION_AT_MOST_LETTERS, CaptionLog, readCaption } from "../../src/live/follow/caption";
import { buttonOf, KEYS, meaningOf, type Press } from "../../src/live/follow/keys";
import { add, since } from "../../src/live/follow/line-meter";
import { PINNED } from "../../src/live/follow/pin";
import { PoorLine } from "../../src/live/follow/poor-line";
import { seeded } from "./seeded";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const good = { quality: "good", loss: 0, concealed: 0, heldBack: false } as const;

test("a line is poor after six poor seconds, good again after twenty good ones, and a hiccup is neither", () => {
  const line = new PoorLine();
  const see = (fromMs: number, untilMs: number, how: object): boolean[] =>
    Array.from({ length: (untilMs - fromMs) / 2_000 }, (_, i) => line.see({ ...good, ...how, nowMs: fromMs + i * 2_000 }));
  expect(see(0, 4_000, { loss: 0.2 })).not.toContain(true);
  expect(see(4_000, 6_000, {})).toEqual([false]);
  expect(see(6_000, 16_000, { loss: 0.2 })).toEqual([false, false, false, true, true]);
  expect(see(16_000, 30_000, {})).not.toContain(false);
  expect(see(30_000, 32_000, { quality: "poor" })).toEqual([true]);
  expect(see(32_000, 54_000, {}).at(-1)).toBe(false);
});

test.each([[{ quality: "poor" }], [{ loss: 0.2 }], [{ concealed: 0.1 }], [{ heldBack: true }]])("%o is a sign of a poor line", (how) => {
  const line = new PoorLine();
  for (let at = 0; at <= 6_000; at += 2_000) line.see({ ...good, ...(how as object), nowMs: at });
  expect(line.see({ ...good, ...(how as object), nowMs: 8_000 })).toBe(true);
});

test("a line that changes at every look never changes our mind", () => {
  const random = seeded(5);
  const line = new PoorLine();
  for (let at = 0; at < 600_000; at += 2_000) expect(line.see({ ...good, loss: (at / 2_000) % 2 === 0 ? random() / 25 : 0.3, nowMs: at })).toBe(false);
});

test("what the line carried is counted, and a track that went takes nothing away", () => {
  const zero = { received: 0, sent: 0, pictures: 0, packets: 0, lost: 0, samples: 0, concealed: 0, frames: 0 };
  const one = { ...zero };
  add(one, { type: "inbound-rtp", kind: "video", bytesReceived: 900, headerBytesReceived: 100, packetsReceived: 9, packetsLost: 1, framesDecoded: 3 });
  add(one, { type: "inbound-rtp", kind: "audio", bytesReceived: 50, packetsLost: -2, totalSamplesReceived: 480, concealedSamples: 48, silentConcealedSamples: 40 });
  add(one, { type: "outbound-rtp", bytesSent: 70 });
  add(one, { type: "candidate-pair", bytesReceived: 9_999 });
  expect(one).toEqual({ received: 1_050, sent: 70, pictures: 1_000, packets: 9, lost: 1, samples: 480, concealed: 8, frames: 3 });
  expect(since(one, { ...one, received: 1_150, frames: 0 })).toEqual({ ...zero, received: 100 });
});

test("a caption is of our form, or none; its last words count", () => {
  const fine = { id: "1", text: " Hola ", final: false, lang: "es" };
  expect(readCaption(fine)).toEqual({ id: "1", text: "Hola", final: false, lang: "es", sub: "" });
  expect(readCaption({ ...fine, text: "x".repeat(5_000) })?.text).toHaveLength(CAPTION_AT_MOST_LETTERS);
  for (const bad of [null, "x", { ...fine, text: " " }, { ...fine, lang: "fr" }, { ...fine, final: 1 }, { ...fine, id: "" }, { ...fine, id: "x".repeat(99) }])
    expect(readCaption(bad)).toBeNull();
});

test("a sentence grows in its place, ends once, and a flood of words is cut for its teller only", () => {
  const log = new CaptionLog();
  const said = (id: string, text: string, final = false) => ({ id, text, final, lang: "en" as const, sub: "t" });
  log.take(said("1", "good"), "t", 0);
  log.take(said("1", "good morning", true), "t", 300);
  log.take(said("1", "bad morning"), "t", 600);
  expect(log.lines.value.map((one) => one.text)).toEqual(["good morning"]);
  const taken = Array.from({ length: 100 }, (_, i) => log.take(said(`f${i}`, "flood"), "flooder", 1_000 + i)).filter(Boolean);
  expect(taken).toHaveLength(6);
  expect(log.take(said("2", "and now"), "t", 1_100)).toBe(true);
  log.take(said("3", "ten minutes later"), "t", 700_000);
  expect(log.lines.value.map((one) => one.text)).toEqual(["ten minutes later"]);
});

test("a letter presses its button while nobody types; with Alt and Shift always; switched off it does nothing", () => {
  const press = (how: Partial<Press>): Press => ({ key: "m", code: "KeyM", alt: false, shift: false, control: false, typing: false, ...how });
  expect(meaningOf(press({}), true)).toBe("m");
  expect(meaningOf(press({ typing: true }), true)).toBeNull();
  expect(meaningOf(press({ control: true }), true)).toBeNull();
  expect(meaningOf(press({}), false)).toBeNull();
  expect(meaningOf(press({ alt: true, shift: true, typing: true, key: "Â" }), false)).toBe("m");
  expect(meaningOf(press({ key: "?", code: "Slash", shift: true }), true)).toBe("?");
  expect(meaningOf(press({ key: "?", code: "Slash", shift: true, typing: true }), true)).toBeNull();
  expect(meaningOf(press({ key: "Escape", code: "Escape", typing: true }), false)).toBe("escape");
  expect(meaningOf(press({ key: "x", code: "KeyX" }), true)).toBeNull();
  expect(Object.keys(KEYS)).toContain("h");
});

test("H presses the hand of a student, and a grown-up's list of hands; no two keys press one button", () => {
  expect(buttonOf("h")).toBe('.live [data-testid="hand"], .live [data-testid="hands"]');
  expect(buttonOf("m")).toBe('.live [data-testid="microphone"]');
  const buttons = Object.values(KEYS).flat();
  expect(new Set(buttons).size).toBe(buttons.length);
});

test("a screen reader is told seldom, the newest of a kind, one's own first, and as much as she wants", async () => {
  let told: Told = "all";
  const announcer = new Announcer(() => told);
  const said: string[] = [];
  announcer.words.watch(() => said.push(announcer.words.value));
  for (let i = 1; i <= 30; i++) announcer.say("people", () => `${i} came.`);
  announcer.say("microphone", () => "Your microphone is off.", true);
  await vi.advanceTimersByTimeAsync(400);
  expect(said).toEqual(["Your microphone is off. 30 came."]);
  announcer.say("hands", () => "A hand.");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(said).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(4_000);
  expect(said.at(-1)).toBe("A hand.");
  told = "own";
  announcer.say("hands", () => "Another hand.");
  announcer.say("frozen", () => "Frozen.", true);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(said.at(-1)).toBe("Frozen.");
  told = "none";
  announcer.say("frozen", () => "Thawed.", true);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(said.at(-1)).toBe("Frozen.");
});

test("who is pinned is a short list of ids", () => {
  expect(PINNED.read(["a", "b"])).toEqual(["a", "b"]);
  for (const bad of ["a", [1], Array(30).fill("a"), ["x".repeat(99)]]) expect(PINNED.read(bad)).toBeNull();
});
