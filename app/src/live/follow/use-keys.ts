import type { Classroom } from "../classroom";
import { SHORTCUTS } from "./kept-choices";
import { buttonOf, isTyping, meaningOf } from "./keys";

/** Listen for shortcuts as long as a class is open. Each presses a button of the screen, so it does what a tap does. Returns how to stop. */
export function listenToKeys(classroom: Classroom): () => void {
  const heard = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.repeat || event.isComposing || document.querySelector("dialog[open]")) return;
    const meaning = meaningOf(
      { key: event.key, code: event.code, alt: event.altKey, shift: event.shiftKey, control: event.ctrlKey || event.metaKey, typing: isTyping(event.target) },
      SHORTCUTS.cell.value === "on",
    );
    if (meaning === null) return;
    if (meaning === "escape") return closePanel(classroom);
    event.preventDefault();
    if (meaning === "?") return classroom.panel.set(classroom.panel.value === "follow" ? "" : "follow");
    document.querySelector<HTMLButtonElement>(buttonOf(meaning))?.click();
    if (meaning === "c" && classroom.panel.value === "chat") requestAnimationFrame(() => document.querySelector<HTMLElement>(".live .chat input")?.focus());
  };
  window.addEventListener("keydown", heard);
  return () => window.removeEventListener("keydown", heard);
}

/** Close what is open at the side; the focus goes to the button that opens it again, not to nowhere. */
function closePanel(classroom: Classroom): void {
  const open = classroom.panel.value;
  if (!open) return;
  classroom.panel.set("");
  const inBar = (testid: string) => document.querySelector<HTMLElement>(`.live .bar [data-testid="${testid}"]`);
  (inBar(open) ?? inBar("more"))?.focus();
}
