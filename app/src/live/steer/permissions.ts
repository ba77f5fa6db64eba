/** What the grown-ups' rules say, as far as it is about what a student's device may send. */
export interface Said {
  frozen: boolean;
  locked: boolean;
  microphones: "open" | "closed";
  cameras: "class" | "teacher" | "closed";
  maySpeak: readonly string[];
  admitted: readonly string[];
  /** Who may show a screen. */
  sharers: readonly string[];
}

export interface May {
  /** Not in yet: the class is locked, and nobody has let her in. */
  waits: boolean;
  microphone: boolean;
  camera: boolean;
  screen: boolean;
}

/** What one student's device may do. Grown-ups' devices may do everything, always. */
export function mayOf(said: Said, sub: string): May {
  const waits = said.locked && !said.admitted.includes(sub);
  const rests = said.frozen || waits;
  return {
    waits,
    microphone: !rests && (said.microphones === "open" || said.maySpeak.includes(sub)),
    camera: !rests && said.cameras !== "closed",
    screen: !rests && said.sharers.includes(sub),
  };
}

/** A permission as the live server has it. It takes away what was sent already, when its source is taken away. */
export interface Permission {
  canSubscribe: boolean;
  canPublish: boolean;
  canPublishData: boolean;
  /** LiveKit reads an empty list as "all": with nothing allowed, `canPublish` is false. */
  canPublishSources: Source[];
}

export type Source = "CAMERA" | "MICROPHONE" | "SCREEN_SHARE" | "SCREEN_SHARE_AUDIO";

export function permissionOf(may: May): Permission {
  const sources: Source[] = [];
  if (may.camera) sources.push("CAMERA");
  if (may.microphone) sources.push("MICROPHONE");
  if (may.screen) sources.push("SCREEN_SHARE", "SCREEN_SHARE_AUDIO");
  return {
    canSubscribe: !may.waits,
    canPublish: sources.length > 0,
    // Hands, answers and the like go on while the class is frozen; chat and reactions each device keeps to itself then.
    canPublishData: !may.waits,
    canPublishSources: sources,
  };
}

/** LiveKit's numbers of the sources. */
const NUMBER: Record<Source, number> = { CAMERA: 1, MICROPHONE: 2, SCREEN_SHARE: 3, SCREEN_SHARE_AUDIO: 4 };

/** Whether a device has these rights already; undefined: the server has not told. */
export function hasIt(
  held: { canSubscribe: boolean; canPublish: boolean; canPublishData: boolean; canPublishSources: readonly number[] } | undefined,
  wanted: Permission,
): boolean {
  if (!held) return false;
  if (held.canSubscribe !== wanted.canSubscribe || held.canPublishData !== wanted.canPublishData) return false;
  if (!wanted.canPublish) return !held.canPublish;
  const sources = new Set(held.canPublishSources);
  return held.canPublish && sources.size === wanted.canPublishSources.length && wanted.canPublishSources.every((one) => sources.has(NUMBER[one]));
}
