import type { Tool } from "../../tool";
import { PollBanner } from "./banner";
import { pollDesk } from "./desk";
import { PollPanel } from "./panel";

/** Questions to the class: one answer a child, counted on grown-ups' devices. */
export const pollTool: Tool = { id: "polls", start: ({ classroom }) => pollDesk(classroom).start(), Banner: PollBanner, Panel: PollPanel };
