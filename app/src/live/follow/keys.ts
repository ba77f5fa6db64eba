/**
 * What a key presses: a button of the screen, by its test id; of several the one that is there: a student's own hand, a
 * grown-up's list of raised ones. Arrow keys are the grid's and the slides' own.
 */
export const KEYS = { m: ["microphone"], v: ["camera"], h: ["hand", "hands"], c: ["chat"], o: ["more"], d: ["saver-toggle"] } as const;

/** Return the selector of the button that a key presses. */
export const buttonOf = (key: keyof typeof KEYS): string => KEYS[key].map((testid) => `.live [data-testid="${testid}"]`).join(", ");

const TYPES_IN = "input, textarea, select, [contenteditable]:not([contenteditable='false'])";

export interface Press {
  key: string;
  code: string;
  alt: boolean;
  shift: boolean;
  control: boolean;
  /** Where the focus is: in something one types in; in a dialog. */
  typing: boolean;
}

/**
 * Return what a press means: a letter of KEYS, "?", "escape", or nothing. A bare letter counts while nobody types and the
 * shortcuts are on; with Alt and Shift it counts always, also for those whose screen reader takes bare letters.
 */
export function meaningOf(press: Press, shortcuts: boolean): keyof typeof KEYS | "?" | "escape" | null {
  if (press.control) return null;
  if (press.key === "Escape" && !press.alt) return "escape";
  const letter = press.code.startsWith("Key") ? press.code.slice(3).toLowerCase() : "";
  const known = letter in KEYS ? (letter as keyof typeof KEYS) : null;
  if (press.alt && press.shift) return known;
  if (press.alt || press.typing || !shortcuts) return null;
  if (press.key === "?") return "?";
  return !press.shift && press.key.toLowerCase() in KEYS ? (press.key.toLowerCase() as keyof typeof KEYS) : null;
}

export const isTyping = (target: EventTarget | null): boolean => target instanceof Element && target.closest(TYPES_IN) !== null;
