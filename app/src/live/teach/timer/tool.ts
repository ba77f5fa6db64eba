import type { Tool } from "../../tool";
import { TimerBanner } from "./banner";
import { TimerPanel } from "./panel";

/** The time that is left, on all screens by the servers' clock. */
export const timerTool: Tool = { id: "timer", Banner: TimerBanner, Panel: TimerPanel };
