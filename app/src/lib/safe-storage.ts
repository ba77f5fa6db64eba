/** localStorage, or null where the browser has it barred: then reading the name alone throws. */
export function safeStorage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

/** Keep a small text for the next visit; in a browser that keeps nothing it is for this visit only. */
export function keepText(name: string, text: string): void {
  try {
    safeStorage()?.setItem(name, text);
  } catch {
    return; // full: the page goes on
  }
}

export const keptText = (name: string): string | null => safeStorage()?.getItem(name) ?? null;
