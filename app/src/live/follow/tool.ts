import type { Tool } from "../tool";
import { announce } from "./announce";
import { FollowBanner } from "./banner";
import { showContrast } from "./contrast";
import { begin, end } from "./following";
import { FollowMenu } from "./menu";
import { FollowPanel } from "./panel";
import { ownPins } from "./pinned";
import { listenToKeys } from "./use-keys";

/** Everyone can follow: data saver, captions, pinned people, keys, contrast, words for screen readers. */
export const FOLLOW: Tool = {
  id: "follow",
  start: ({ classroom }) => {
    const following = begin(classroom);
    const stops = [announce(classroom, following.announcer), listenToKeys(classroom), showContrast()];
    return () => {
      for (const stop of stops) stop();
      end(classroom, following);
      ownPins.set([]);
    };
  },
  Banner: FollowBanner,
  Panel: FollowPanel,
  Menu: FollowMenu,
};
