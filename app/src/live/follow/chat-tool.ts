import { plan } from "../../state";
import { policyOfPlan } from "../chat-policy";
import type { Tool } from "../tool";
import { sectionOf } from "./section-of";

/** What the plan says of this class's chat, also when it changes in mid-class. */
export const CHAT_POLICY: Tool = {
  id: "chat-policy",
  start: ({ classroom, sitting }) => {
    const look = (): void => classroom.talk.usual.set(policyOfPlan(sectionOf(sitting.section), plan.value?.index.chat));
    look();
    return plan.watch(look);
  },
};
