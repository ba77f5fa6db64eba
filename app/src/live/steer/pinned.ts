import type { Cell } from "../../lib/cell";
import type { Classroom } from "../classroom";
import { PINNED } from "../follow/pin";

/** Persons whose pictures are on every page. */
export const pinnedIn = (classroom: Classroom): Cell<string[]> => classroom.steering.cell(PINNED);
