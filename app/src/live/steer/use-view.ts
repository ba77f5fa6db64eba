import { Cell } from "../../lib/cell";
import { useCell } from "../../ui/use-cell";
import type { Classroom } from "../classroom";
import { VIEW, type View } from "./steer-rules";

/** What she chose herself, and for which word of the class: a new word of the teacher's holds until she chooses again. */
const own = new WeakMap<Classroom, Cell<{ view: View | ""; since: View | "" }>>();

function ownOf(classroom: Classroom): Cell<{ view: View | ""; since: View | "" }> {
  const held = own.get(classroom) ?? new Cell<{ view: View | ""; since: View | "" }>({ view: "", since: "" });
  own.set(classroom, held);
  return held;
}

/** How this device shows the class; "": teachers large, or for a grown-up a gallery. */
export function useView(classroom: Classroom): View | "" {
  const forAll = useCell(classroom.steering.cell(VIEW));
  const mine = useCell(ownOf(classroom));
  const chosen = mine.view !== "" && mine.since === forAll ? mine.view : forAll;
  return chosen === "" && classroom.leads ? "gallery" : chosen;
}

/** Choose for this device alone. */
export const chooseView = (classroom: Classroom, view: View): void =>
  ownOf(classroom).set({ view, since: classroom.steering.cell(VIEW).value });
