// This window's, so that a reload goes back to where it was; another day another node is as good.
const NAME = "schoolday.live_node";

/** Return the live server on which this window was in this meeting; a browser that keeps nothing knows none. */
export function lastNode(meeting: string): string | undefined {
  try {
    const [held, node] = (sessionStorage.getItem(NAME) ?? "").split(" ");
    return held === meeting ? node : undefined;
  } catch {
    return undefined;
  }
}

export function keepLastNode(meeting: string, node: string): void {
  try {
    sessionStorage.setItem(NAME, `${meeting} ${node}`);
  } catch {
    return; // barred or full: a reload then begins at the first server
  }
}
