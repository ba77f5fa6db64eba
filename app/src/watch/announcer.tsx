import { useRef } from "preact/hooks";
import { useCell } from "../ui/use-cell";
import { aloneSince } from "./alone-words";
import { aloneClasses } from "./watcher";

/** Tells a screen reader of each class that is newly alone, once, on whatever screen she is. */
export function AloneAnnouncer() {
  const alone = useCell(aloneClasses);
  const told = useRef(new Map<string, number>());
  const words = useRef("");
  const fresh = alone.filter((one) => told.current.get(one.meeting) !== one.since);
  for (const one of fresh) told.current.set(one.meeting, one.since);
  if (fresh.length > 0) words.current = fresh.map(aloneSince).join(". ");
  return <div class="usa-sr-only" aria-live="assertive" data-testid="alone-announcer">{words.current}</div>;
}

/** The page's title with the number of such classes before it, for who looks at another tab. */
export const titleWith = (title: string, alone: number): string => (alone > 0 ? `(${alone}) ${title}` : title);
