import type { ComponentChildren } from "preact";
import type { Sitting } from "../plan/day";
import { useNow } from "../ui/use-now";
import { holdsWords, movedLine, reasonOf } from "./words";

/** On a card: that the class moved, and behind one tap why, until when, and when it is looked at again. */
export function MovedNote({ sitting, line }: { sitting: Sitting; line?: ComponentChildren }) {
  const now = useNow(60_000);
  const words = line ?? movedLine(sitting);
  if (!words) return null;
  const holds = holdsWords(sitting.detour, sitting.timeZone, now);
  return (
    <details class="moved" data-testid="moved" data-detour={sitting.detour?.id} data-pathway={sitting.pathway}>
      <summary>{words}</summary>
      <p data-testid="moved-why">{reasonOf(sitting.detour)}</p>
      {holds && <p class="quiet">{holds}</p>}
    </details>
  );
}
