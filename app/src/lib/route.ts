import { Cell } from "./cell";

/** The path the person is at. */
export const route = new Cell(globalThis.location?.pathname ?? "/");

export function go(path: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", path);
  else history.pushState(null, "", path);
  route.set(location.pathname);
  scrollTo(0, 0);
}

export function watchHistory(): void {
  addEventListener("popstate", () => route.set(location.pathname));
}

/** Return the office page to go back to after the sign-on; only a path of the office on this very origin. */
export function nextPage(search: string, origin: string): string | null {
  const next = new URLSearchParams(search).get("next");
  if (!next?.startsWith("/office/") || next.includes("\\")) return null;
  const url = new URL(next, origin);
  return url.origin === origin && url.pathname.startsWith("/office/") ? url.pathname + url.search + url.hash : null;
}
