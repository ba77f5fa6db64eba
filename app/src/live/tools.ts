import { endingTool } from "./ending/tool";
import { PRACTICE_TOOL } from "./practice/note";
import { CHAT_POLICY } from "./follow/chat-tool";
import { FOLLOW } from "./follow/tool";
import { TEACH_TOOLS } from "./teach/tools";
import { RECORD_TOOL } from "./record/not-heard";
import { recordingTool } from "./record/video/tool";
import { STEER, STEER_RULES } from "./steer/tool";
import { groupsTool } from "./groups/tool";
import type { Tool } from "./tool";

/** Everything a live class can do beyond seeing, hearing, hands and chat. One line a tool. */
export const TOOLS: readonly Tool[] = [
  STEER,
  ...STEER_RULES,
  PRACTICE_TOOL,
  endingTool,
  recordingTool,
  groupsTool,
  RECORD_TOOL,
  CHAT_POLICY,
  FOLLOW,
  ...TEACH_TOOLS,
];
