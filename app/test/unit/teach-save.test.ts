import { beforeEach, expect, test, vi } from "vitest";
import { Cell } from "../../src/lib/cell";
import type { Classroom } from "../../src/live/classroom";
import { BOARD } from "../../src/live/teach/board/rule";
import { STAGE } from "../../src/live/steer/rules";
import type { Sitting } from "../../src/plan/day";

const save = vi.hoisted(() => ({ saveBoard: vi.fn(() => Promise.resolve()), saveForgotten: vi.fn(() => Promise.resolve()) }));
vi.mock("../../src/live/teach/board/save", () => save);
const { saveWhenLeft } = await import("../../src/live/teach/board/save-when-left");

const SITTING = { id: "m", timeZone: "America/New_York" } as Sitting;

function aClass({ leads = true, leading = true } = {}) {
  const cells = { stage: new Cell(STAGE.initial), board: new Cell({ id: "b1", pages: 2 }) };
  const classroom = {
    leads,
    leading: new Cell(leading),
    line: new Cell("open"),
    steering: { cell: (rule: { name: string }) => (rule.name === BOARD.name ? cells.board : cells.stage) },
  };
  return { ...cells, leading: classroom.leading, line: classroom.line, stop: saveWhenLeft(classroom as unknown as Classroom, SITTING) };
}

const saved = () => save.saveBoard.mock.calls.map((call: unknown[]) => (call[2] as { id: string }).id);
beforeEach(() => void save.saveBoard.mockClear());

test("a board is saved when it goes out of sight: put away, behind slides, for another one, with the class", () => {
  const one = aClass();
  one.stage.set({ what: "board", item: "1" });
  one.stage.set({ what: "board", item: "2" });
  expect(saved()).toEqual([]);
  one.stage.set({ what: "slides", item: "1" });
  expect(saved()).toEqual(["b1"]);
  one.stage.set({ what: "", item: "" });
  expect(saved()).toEqual(["b1", "b1"]);
  one.board.set({ id: "b2", pages: 1 });
  expect(saved()).toEqual(["b1", "b1", "b1"]);
  // Who leaves leads nobody any more when the class is taken down.
  one.line.set("closed");
  one.leading.set(false);
  one.stop();
  expect(saved().at(-1)).toBe("b2");
});

test("a device that led before its line was said to be open saves too, also when the line goes first", () => {
  const one = aClass({ leading: false });
  one.line.set("joining");
  one.leading.set(true);
  one.line.set("open");
  one.stage.set({ what: "board", item: "1" });
  one.line.set("closed");
  one.leading.set(false);
  one.stop();
  expect(saved()).toEqual(["b1"]);
});

test("one device saves for all, and no student's", () => {
  for (const device of [aClass({ leading: false }), aClass({ leads: false })]) {
    device.stage.set({ what: "board", item: "1" });
    device.stage.set({ what: "", item: "" });
    device.stop();
  }
  expect(saved()).toEqual([]);
});
