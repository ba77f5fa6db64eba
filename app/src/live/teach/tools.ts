import type { Tool } from "../tool";
import { boardTool } from "./board/tool";
import { linksTool } from "./links/tool";
import { teachTool } from "./menu";
import { notesTool } from "./notes/tool";
import { pollTool } from "./polls/tool";
import { screenTool } from "./screen/tool";
import { slidesTool } from "./slides/tool";
import { timerTool } from "./timer/tool";

/** What a teacher teaches with. */
export const TEACH_TOOLS: readonly Tool[] = [teachTool, screenTool, timerTool, pollTool, linksTool, boardTool, slidesTool, notesTool];
