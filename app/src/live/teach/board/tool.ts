import type { Tool } from "../../tool";
import { outbox } from "../links/outbox";
import { boardDesk } from "./desk";
import { keepBoards } from "./keep";
import { BoardPanel } from "./panel";
import { saveWhenLeft } from "./save-when-left";
import { BoardStage } from "./stage";

/** A whiteboard: the teacher writes, and whom she gives leave. */
export const boardTool: Tool = {
  id: "board",
  start: ({ classroom, sitting }) => {
    const stops = [saveWhenLeft(classroom, sitting), boardDesk(classroom).start(), keepBoards(classroom, sitting)];
    if (classroom.leads) void outbox.open();
    return () => {
      for (const stop of stops) stop();
    };
  },
  Stage: BoardStage,
  Panel: BoardPanel,
};
