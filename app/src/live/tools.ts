import { RECORD_TOOL } from "./record/not-heard";
import type { Tool } from "./tool";

/** Everything a live class can do beyond seeing, hearing, hands and chat. One line a tool. */
export const TOOLS: readonly Tool[] = [
  RECORD_TOOL,
];
