import type { Tool } from "../../tool";
import { slidesDesk } from "./desk";
import { SlidesPanel } from "./panel";
import { pointer } from "./pointer";
import { SlidesStage } from "./stage";

const WARM_AFTER_MS = 15_000;

/** Without it the first PDF opens a second later. */
const warm = (): Promise<void> => import("./pdf").then((chunk) => chunk.warm()).catch(() => undefined);

/** A PDF or pictures, page by page: drawn on the teacher's device, seen on all. */
export const slidesTool: Tool = {
  id: "slides",
  start: ({ classroom }) => {
    const stops = [slidesDesk(classroom).start(), pointer(classroom).start()];
    // After the class has settled: the pictures of the children go first.
    const timer = classroom.leads ? setTimeout(() => void warm(), WARM_AFTER_MS) : undefined;
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  },
  Stage: SlidesStage,
  Panel: SlidesPanel,
};
