/** What the office sends (office/notices/channels/push). */
interface Payload {
  title?: unknown;
  body?: unknown;
  url?: unknown;
  tag?: unknown;
  lang?: unknown;
  level?: unknown;
}

export interface Shown {
  title: string;
  options: NotificationOptions & { renotify?: boolean };
}

/**
 * Return what to show for a push. Browsers want one for each, so also what cannot be read shows something: the school's
 * name, and a tap opens the app, which has the notice from the plan.
 */
export function shownFor(text: string, school: string): Shown {
  const told = parse(text);
  const tag = word(told.tag);
  const emergency = told.level === "emergency";
  return {
    title: word(told.title) || school,
    options: {
      body: word(told.body),
      icon: "/icon-192.png",
      badge: "/icon-192.png",
      lang: word(told.lang),
      requireInteraction: emergency,
      data: { url: word(told.url) },
      ...(tag ? { tag, renotify: emergency } : {}),
    },
  };
}

/** Where a tap leads: a path of this app, another site, or the app's first page when the address is none. */
export function targetOf(url: unknown, origin: string): { path: string } | { outside: string } {
  try {
    const to = new URL(word(url) || "/", origin);
    if (to.origin === origin) return { path: to.pathname + to.search + to.hash };
    if (to.protocol === "https:") return { outside: to.href };
  } catch {
    return { path: "/" };
  }
  return { path: "/" };
}

function parse(text: string): Payload {
  try {
    const told: unknown = JSON.parse(text);
    return typeof told === "object" && told !== null ? told : {};
  } catch {
    return {};
  }
}

const word = (value: unknown): string => (typeof value === "string" ? value : "");
