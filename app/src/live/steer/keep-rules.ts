import { read, write } from "../../keep/kept";
import type { Classroom } from "../classroom";

const KEEP_AFTER_MS = 300;

/** Take up the rules this grown-up's device kept of this class, and keep what changes: a reload forgets nothing. Returns how to stop. */
export function keepRules(classroom: Classroom): () => void {
  if (!classroom.leads) return () => {};
  const { steering, meeting } = classroom;
  let timer: ReturnType<typeof setTimeout> | undefined;
  void read("steering").then((kept) => kept?.meeting === meeting && steering.learn(kept.rules));
  const stop = steering.changes.watch(() => {
    clearTimeout(timer);
    timer = setTimeout(() => void write("steering", { meeting, rules: steering.all }), KEEP_AFTER_MS);
  });
  return () => {
    stop();
    clearTimeout(timer);
    void write("steering", { meeting, rules: steering.all });
  };
}
