import { receivePictures } from "../pictures";
import type { Tool } from "../tool";
import { deskOf } from "./desk";
import { enforce } from "./enforce";
import { alertHands } from "./hand-alert";
import { HandPanel } from "./hand-panel";
import { keepScope } from "./keep-scope";
import { keepRemovals } from "./removal";
import { SteerBanner } from "./steer-banner";
import { SteerBar } from "./steer-bar";
import { ClassRules, PictureRules, SteerMenu } from "./steer-menu";

/** See and steer the class; its panel is the queue of raised hands. */
export const STEER: Tool = {
  id: "hands",
  start: ({ classroom, sitting }) => {
    const stops = [
      keepScope(classroom), deskOf(classroom).start(), enforce(classroom), keepRemovals(classroom, sitting), receivePictures(classroom), alertHands(classroom),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  },
  Banner: SteerBanner,
  Panel: HandPanel,
  Menu: SteerMenu,
  Bar: SteerBar,
};

/** What a grown-up sets for everybody, under its two headings. */
export const STEER_RULES: readonly Tool[] = [
  { id: "class-rules", Menu: ClassRules, menuGroup: "class" },
  { id: "picture-rules", Menu: PictureRules, menuGroup: "pictures" },
];
