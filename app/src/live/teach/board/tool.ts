import type { Tool } from "../../tool";
import { STAGE } from "../../steer/rules";
import { outbox } from "../links/outbox";
import { boardDesk } from "./desk";
import { keepBoards } from "./keep";
import { BoardPanel } from "./panel";
import { saveBoard } from "./save";
import { BoardStage } from "./stage";

/** A whiteboard: the teacher writes, and whom she gives leave. */
export const boardTool: Tool = {
  id: "board",
  start: ({ classroom, sitting }) => {
    const stops = [boardDesk(classroom).start(), keepBoards(classroom, sitting.section)];
    if (classroom.leads) void outbox.open();
    return () => {
      // The class ends, or she leaves it, with a board in sight: it is saved as when it is closed.
      if (classroom.leads && classroom.steering.cell(STAGE).value.what === "board") void saveBoard(classroom, sitting);
      for (const stop of stops) stop();
    };
  },
  Stage: BoardStage,
  Panel: BoardPanel,
};
