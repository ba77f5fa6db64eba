import type { Sitting } from "../../../plan/day";
import type { Classroom } from "../../classroom";
import { STAGE } from "../../steer/rules";
import { BOARD, type OpenBoard } from "./rule";
import { saveBoard, saveForgotten } from "./save";

const FORGOTTEN_AFTER_MS = 20_000;

/**
 * Save what was drawn when it goes out of sight: the stage shows something else, another board is opened, the class ends or
 * she leaves it. The leading grown-up's device does it for all. Returns how to stop.
 */
export function saveWhenLeft(classroom: Classroom, sitting: Sitting): () => void {
  if (!classroom.leads) return () => {};
  const stage = classroom.steering.cell(STAGE);
  const rule = classroom.steering.cell(BOARD);
  let shown = stage.value.what;
  let open: OpenBoard = rule.value;
  // Who leaves has no line any more, and leads nobody: what counts is who led while there was one.
  let led = classroom.leading.value;
  const leads = (): boolean => (classroom.line.value === "open" ? classroom.leading.value : led);
  // A picture that could not be made is tried again with the next change; the strokes are kept on this device.
  const save = (board: OpenBoard): void => void (leads() && saveBoard(classroom, sitting, board).catch(() => undefined));
  const stops = [
    stage.watch(() => {
      const before = shown;
      shown = stage.value.what;
      if (before !== shown && before !== "") save(open);
    }),
    rule.watch(() => {
      if (open.id !== rule.value.id) save(open);
      open = rule.value;
    }),
    classroom.leading.watch(() => {
      if (classroom.leading.value || classroom.line.value === "open") led = classroom.leading.value;
    }),
  ];
  const timer = setTimeout(() => void saveForgotten(sitting.id, sitting.timeZone).catch(() => undefined), FORGOTTEN_AFTER_MS);
  return () => {
    clearTimeout(timer);
    save(open);
    for (const stop of stops) stop();
  };
}
