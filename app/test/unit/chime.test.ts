import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { chime } from "../../src/ui/chime";

class FakeContext {
  static made: FakeContext[] = [];
  static startsAs = "running";
  state = FakeContext.startsAs;
  currentTime = 5;
  destination = {};
  resumed = 0;
  closed = 0;
  readonly tones: { frequency: { value: number }; from: number; until: number }[] = [];
  readonly levels: (readonly [string, number, number])[] = [];

  constructor() {
    FakeContext.made.push(this);
  }

  createOscillator() {
    const made = {
      frequency: { value: 0 }, from: 0, until: 0,
      connect: <T>(to: T): T => to,
      start: (at: number) => (made.from = at),
      stop: (at: number) => (made.until = at),
    };
    this.tones.push(made);
    return made;
  }

  createGain() {
    const note = (how: string) => (value: number, at: number) => this.levels.push([how, value, at]);
    const gain = { setValueAtTime: note("set"), linearRampToValueAtTime: note("rise"), exponentialRampToValueAtTime: note("fall") };
    return { gain, connect: <T>(to: T): T => to };
  }

  resume(): Promise<void> {
    this.resumed++;
    return Promise.reject(new Error("closed before a tap"));
  }

  close(): Promise<void> {
    this.closed++;
    return Promise.resolve();
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeContext.made = [];
  FakeContext.startsAs = "running";
  vi.stubGlobal("AudioContext", FakeContext);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a chime", () => {
  it("plays its tones one after the other, each as loud as it says, and closes what it opened", () => {
    chime([{ hz: 523, seconds: 0.5, level: 0.15 }, { hz: 659, seconds: 0.25, level: 0.1, steady: true }]);
    const [context] = FakeContext.made;
    expect(context!.tones.map((one) => [one.frequency.value, one.from, one.until])).toEqual([[523, 5, 5.5], [659, 5.5, 5.75]]);
    expect(context!.levels.filter(([how]) => how === "rise").map(([, level]) => level)).toEqual([0.15, 0.1]);
    expect(context!.levels.filter(([how]) => how === "fall").map(([, , at]) => at)).toEqual([5.5]);
    expect(context!.resumed).toBe(0);
    vi.advanceTimersByTime(750);
    expect(context!.closed).toBe(0);
    vi.advanceTimersByTime(1_000);
    expect(context!.closed).toBe(1);
  });

  it("wakes a context that begins asleep, and closes it also when no tap came", async () => {
    FakeContext.startsAs = "suspended";
    chime([{ hz: 660, seconds: 0.25, level: 0.1 }]);
    expect(FakeContext.made[0]!.resumed).toBe(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(FakeContext.made[0]!.closed).toBe(1);
  });

  it("stays silent where there is no AudioContext, or none left", () => {
    vi.stubGlobal("AudioContext", undefined);
    expect(() => chime([{ hz: 660, seconds: 0.25, level: 0.1 }])).not.toThrow();
    vi.stubGlobal("AudioContext", class {
      constructor() {
        throw new DOMException("too many", "NotSupportedError");
      }
    });
    expect(() => chime([{ hz: 660, seconds: 0.25, level: 0.1 }])).not.toThrow();
    expect(vi.getTimerCount()).toBe(0);
  });
});
