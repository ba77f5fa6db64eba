import type { Tool } from "./tool";

/** Everything a live class can do beyond seeing, hearing, hands and chat. One line a tool. */
export const TOOLS: readonly Tool[] = [];
