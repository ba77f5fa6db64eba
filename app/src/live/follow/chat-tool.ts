import { plan } from "../../state";
import { keepChat } from "../chat-keep";
import { policyOfPlan } from "../chat-policy";
import type { Tool } from "../tool";
import { sectionOf } from "./section-of";

/** What the plan says of this class's chat, also when it changes in mid-class; and what was said, over a reload. */
export const CHAT_POLICY: Tool = {
  id: "chat-policy",
  start: ({ classroom, sitting }) => {
    const look = (): void => classroom.talk.usual.set(policyOfPlan(sectionOf(sitting.section), plan.value?.index.chat));
    look();
    const stops = [plan.watch(look), keepChat(classroom)];
    return () => {
      for (const stop of stops) stop();
    };
  },
};
