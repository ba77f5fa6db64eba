import { adultRole } from "../adults";
import { columnsFor } from "../columns";
import type { Tile } from "../tiles";
import { pageAt, pageSize, pagesOf, type Seated, stripSize } from "./pages";
import type { View } from "./steer-rules";

/** A face of the gallery, or the empty place of somebody who left. */
export interface Chair extends Seated {
  tile: Tile | null;
  sub: string;
  name: string;
}

export interface Asked {
  /** Everybody who is shown, grown-ups first. */
  shown: readonly Tile[];
  /** Who left, and keeps her place. */
  left: readonly { sub: string; name: string }[];
  /** The class list, whose order is the order of the seats. */
  members: readonly { id: string }[];
  pinned: readonly string[];
  hands: readonly string[];
  /** There is something large already: a stage, a screen. */
  beside: boolean;
  view: View | "";
  /** Who speaks, by the speaker's view: a person. */
  speaker: string;
  window: { width: number; height: number };
  /** The page she turned to. */
  wanted: number;
}

export interface Gallery {
  large: Tile[];
  faces: Chair[];
  /** Faces stand in a strip beside something large. */
  strip: boolean;
  columns: number;
  page: number;
  pages: number;
  /** Raised hands on the pages before this one, and after it. */
  handsBefore: number;
  handsAfter: number;
}

const STRIP_AT_LEAST = 4;

/** Return who is shown where: whose picture is large, and which faces are on this page, in the order of the class list. */
export function galleryOf(asked: Asked): Gallery {
  const { width, height } = asked.window;
  const large = asked.beside ? [] : asked.shown.filter((tile) => isLarge(tile, asked.view, asked.speaker));
  const strip = asked.beside || large.length > 0;
  const size = strip ? Math.min(pageSize(width, height), stripSize(width)) : pageSize(width, height);
  const pages = pagesOf(seatsOf(asked, large), size);
  const page = pageAt(asked.wanted, pages.length);
  const faces = pages[page] ?? [];
  const up = new Set(asked.hands);
  const handsOn = (some: readonly Chair[][]): number => some.flat().filter((chair) => !chair.always && chair.tile && up.has(chair.sub)).length;
  return {
    large, faces, strip, page, pages: pages.length,
    columns: strip ? Math.max(STRIP_AT_LEAST, Math.min(size, faces.length)) : columnsFor(faces.length, false),
    handsBefore: handsOn(pages.slice(0, page)),
    handsAfter: handsOn(pages.slice(page + 1)),
  };
}

/** In the order of the class list; grown-ups first, as the tiles come. */
function seatsOf({ shown, left, members, pinned }: Asked, large: readonly Tile[]): Chair[] {
  const place = new Map(members.map((member, index) => [member.id, index]));
  const here: Chair[] = shown
    .filter((tile) => !large.includes(tile))
    .map((tile) => ({ sub: tile.sub, name: tile.name, tile, always: tile.self || pinned.includes(tile.sub) }));
  const empty: Chair[] = left.map(({ sub, name }) => ({ sub, name, tile: null, always: false }));
  const rank = ({ tile, sub }: Chair): number => (tile && tile.role !== "student" ? -1 : (place.get(sub) ?? here.length + 1_000));
  return [...here, ...empty].map((chair, index) => ({ chair, index })).sort((a, b) => rank(a.chair) - rank(b.chair) || a.index - b.index).map(({ chair }) => chair);
}

/** Teachers are large for everyone else, unless the class sees a gallery; in the speaker's view, who speaks. */
function isLarge(tile: Tile, view: View | "", speaker: string): boolean {
  if (view === "gallery" || tile.self) return false;
  if (view === "speaker" && speaker !== "") return tile.sub === speaker;
  return adultRole({ role: tile.role }) !== null;
}
