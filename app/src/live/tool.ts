import type { ComponentType } from "preact";
import type { Sitting } from "../plan/day";
import type { Classroom } from "./classroom";

export interface ToolProps {
  classroom: Classroom;
  sitting: Sitting;
}

/** The short headings of a grown-up's menu, in their order. */
export const MENU_GROUPS = ["class", "pictures", "lesson", "you", "end"] as const;
export type MenuGroup = (typeof MENU_GROUPS)[number];

export interface MenuProps extends ToolProps {
  /** Close the menu; called by an entry that was chosen. */
  close: () => void;
}

/**
 * One thing that a live class can do, in a folder of its own. A place that it does not fill stays empty; what it shows
 * for whom, it decides itself (`classroom.leads`). `tools.ts` lists all tools; the order there is the order on the screen.
 */
export interface Tool {
  id: string;
  /** Runs on every device as long as the class is open there; returns how to stop. */
  start?: (props: ToolProps) => () => void;
  /** Above the pictures; nothing most of the time. */
  Banner?: ComponentType<ToolProps>;
  /** In the large place, when the rule STAGE names this tool's id; the people are small beside it. */
  Stage?: ComponentType<ToolProps & { item: string }>;
  /** At the side, while `classroom.panel` is this tool's id. */
  Panel?: ComponentType<ToolProps>;
  /** Buttons in the menu behind "More". */
  Menu?: ComponentType<MenuProps>;
  /** Under which heading of a grown-up's menu they stand; none: on top. A student's menu is short, and has no headings. */
  menuGroup?: MenuGroup;
  /** A grown-up's own buttons in the bar; a student's bar has its five and never more. */
  Bar?: ComponentType<ToolProps>;
}
