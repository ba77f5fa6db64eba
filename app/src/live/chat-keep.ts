import { read, write } from "../keep/kept";
import type { Classroom } from "./classroom";
import { readTold } from "./messages";

/**
 * Take up what this grown-up's device kept of the chat of this class, and keep what is said: of a teacher who is alone
 * with her class nobody else has it all. Of one class at a time, until another one or she signs off. Returns how to stop.
 */
export function keepChat({ leads, meeting, talk }: Pick<Classroom, "leads" | "meeting" | "talk">): () => void {
  if (!leads) return () => {};
  let learned = false;
  const keep = (): void => {
    // What is kept is not overwritten before it was read.
    if (learned) void write("chat", { meeting, entries: talk.log.messages.value, gone: talk.log.gone });
  };
  void read("chat").then((kept) => {
    if (kept?.meeting === meeting) {
      talk.log.drop(...kept.gone.filter((id) => typeof id === "string"));
      talk.log.add(...readTold({ entries: kept.entries }).entries);
    }
    learned = true;
    keep();
  });
  // At once: a page that is loaded anew waits for nothing.
  const stop = talk.messages.watch(keep);
  return () => {
    stop();
    keep();
  };
}
