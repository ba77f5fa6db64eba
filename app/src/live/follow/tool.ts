import type { Tool } from "../tool";
import { announce } from "./announce";
import { FollowBanner } from "./banner";
import { showContrast } from "./contrast";
import { begin, end } from "./following";
import { FollowMenu } from "./menu";
import { FollowPanel } from "./panel";
import { keepPins } from "./pinned";
import { listenToKeys } from "./use-keys";

/** Everyone can follow: data saver, captions, pinned people, keys, contrast, words for screen readers. */
export const FOLLOW: Tool = {
  id: "follow",
  start: ({ classroom, sitting }) => {
    const following = begin(classroom, sitting.section);
    const stops = [announce(classroom, following.announcer), listenToKeys(classroom), showContrast(), keepPins(classroom.meeting)];
    return () => {
      for (const stop of stops) stop();
      end(classroom, following);
    };
  },
  Banner: FollowBanner,
  Panel: FollowPanel,
  Menu: FollowMenu,
  menuGroup: "you",
};
