import { useEffect, useRef, useState } from "preact/hooks";
import type { Tile } from "../tiles";
import { Speaker } from "./speaker";

const LOOK_EVERY_MS = 300;

/** Whose picture is large in the speaker's view: a person, "" while nobody has spoken. Never her own. */
export function useSpeaker(tiles: readonly Tile[], on: boolean): string {
  const [large, set] = useState("");
  const latest = useRef(tiles);
  latest.current = tiles;
  useEffect(() => {
    if (!on) return;
    const speaker = new Speaker();
    const look = (): void => {
      const others = latest.current.filter((tile) => !tile.self);
      const speaking = others.filter((tile) => tile.speaking).map((tile) => tile.sub);
      set(speaker.see(speaking, others.map((tile) => tile.sub), performance.now()));
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [on]);
  return on ? large : "";
}
