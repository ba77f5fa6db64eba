import type { Track } from "livekit-client";
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { HandUp } from "../ui/hand-up";
import { useCell } from "../ui/use-cell";
import type { Classroom } from "./classroom";
import { columnsFor } from "./columns";
import { deskOf } from "./steer/desk";
import { Chairs, pageAt, pageSize, pagesOf, type Seated, stripSize } from "./steer/pages";
import { Pager } from "./steer/pager";
import { pinnedIn } from "./steer/pinned";
import { type Kind, SIGN } from "./steer/reactions";
import { onPage } from "./steer/receive";
import { useSpeaker } from "./steer/use-speaker";
import { useView } from "./steer/use-view";
import { useWindow } from "./steer/use-window";
import type { Tile } from "./tiles";
import { Video } from "./video";

/** A face of the gallery, or the empty place of somebody who left. */
interface Chair extends Seated {
  tile: Tile | null;
  sub: string;
  name: string;
}

/**
 * Everyone in the class on pages, in the order of the class list: nobody moves when somebody speaks or leaves. Beside a
 * stage or a large speaker the faces are a strip. Who is not on the page is not received.
 */
export function Grid({ classroom, tiles, hands, staged }: { classroom: Classroom; tiles: Tile[]; hands: string[]; staged: boolean }) {
  const shown = tiles.filter((tile) => !tile.waits || tile.self);
  const screens = shown.filter((tile) => tile.screen !== null);
  const beside = staged || screens.length > 0;
  const view = useView(classroom);
  const speaker = useSpeaker(shown, view === "speaker" && !beside);
  const pinned = useCell(pinnedIn(classroom));
  const reactions = useCell(deskOf(classroom).reactions);
  const [chairs] = useState(() => new Chairs());
  const { width, height } = useWindow();
  const [wanted, want] = useState(0);

  const large = beside ? [] : shown.filter((tile) => isLarge(tile, view, speaker));
  const listed = new Set(classroom.members.map((member) => member.id));
  const left = chairs.see(shown.map(({ sub, name, role, self }) => ({ sub, name, kept: role === "student" && !self && listed.has(sub) })));
  const size = beside || large.length > 0 ? Math.min(pageSize(width, height), stripSize(width)) : pageSize(width, height);
  const pages = pagesOf(seats(classroom, { shown: shown.filter((tile) => !large.includes(tile)), left, pinned }), size);
  const page = pageAt(wanted, pages.length);
  const faces = pages[page] ?? [];
  const columns = beside || large.length > 0 ? Math.max(4, Math.min(size, faces.length)) : columnsFor(faces.length, false);
  const received = [...large, ...faces.flatMap((chair) => chair.tile ?? [])].map((tile) => tile.identity);
  useEffect(() => onPage.set(new Set(received)), [received.join()]);
  const element = useRef<HTMLDivElement>(null);
  const go = (to: number): void => want(pageAt(to, pages.length));
  return (
    <div
      class={`gallery ${beside || large.length > 0 ? "strip" : ""}`} ref={element} data-view={view} data-testid="gallery"
      data-page={page} data-pages={pages.length} onPointerDown={swipe(element, () => go(page + 1), () => go(page - 1))}
    >
      <div
        class="grid" data-testid="grid"
        style={{ "--columns": columns, "--phone-columns": Math.min(columns, beside || large.length > 0 ? 3 : 2), "--rows": Math.ceil(faces.length / columns) }}
      >
        {screens.map((tile) => (
          <figure key={`screen-${tile.identity}`} class="tile screen" data-testid={`screen-${tile.sub}`}>
            <Video track={tile.screen as Track} mirror={false} label={t("screen_of", { name: tile.name })} />
            <figcaption>{t("screen_of", { name: tile.name })}</figcaption>
          </figure>
        ))}
        {large.map((tile) => (
          <TileView key={tile.identity} tile={tile} hand={hands.indexOf(tile.sub) + 1} large reaction={reactions.get(tile.sub)} />
        ))}
        {faces.map(({ key, tile, sub, name }) =>
          tile ? (
            <TileView key={key} tile={tile} hand={hands.indexOf(sub) + 1} large={false} reaction={reactions.get(sub)} />
          ) : (
            <EmptyPlace key={key} sub={sub} name={name} />
          ),
        )}
      </div>
      <Pager page={page} pages={pages.length} go={go} />
    </div>
  );
}

/** In the order of the class list; grown-ups first, as the tiles come. */
function seats(
  classroom: Classroom, how: { shown: Tile[]; left: { sub: string; name: string }[]; pinned: readonly string[] },
): Chair[] {
  const place = new Map(classroom.members.map((member, index) => [member.id, index]));
  const here: Chair[] = how.shown.map((tile) => ({
    key: tile.identity, sub: tile.sub, name: tile.name, tile, always: tile.self || how.pinned.includes(tile.sub),
  }));
  const empty: Chair[] = how.left.map(({ sub, name }) => ({ key: sub, sub, name, tile: null, always: false }));
  const rank = ({ tile, sub }: Chair): number => (tile && tile.role !== "student" ? -1 : (place.get(sub) ?? here.length + 1_000));
  return [...here, ...empty].map((chair, index) => ({ chair, index })).sort((a, b) => rank(a.chair) - rank(b.chair) || a.index - b.index).map(({ chair }) => chair);
}

function TileView({ tile, hand, large, reaction }: { tile: Tile; hand: number; large: boolean; reaction: Kind | undefined }) {
  const classes = ["tile", large ? "large" : "", tile.speaking ? "speaking" : ""].join(" ");
  return (
    <figure
      class={classes} data-testid={`tile-${tile.sub}`} data-self={tile.self} data-hand={hand > 0} data-microphone={tile.microphone}
      data-camera={tile.cameraOn}
    >
      {tile.camera ? (
        <Video track={tile.camera} mirror={tile.self} label={tile.name} />
      ) : (
        <div class="no-picture" aria-hidden="true">{initials(tile.name)}</div>
      )}
      {reaction && <span class="reaction" role="img" aria-label={t(`steer_react_${reaction}`)} data-testid="reaction" data-kind={reaction}>{SIGN[reaction]}</span>}
      <figcaption>
        {hand > 0 && <HandUp />}
        {tile.name}
        {tile.self && ` (${t("you")})`}
        {!tile.microphone && <span class="muted"> · {t("muted")}</span>}
        {tile.toTeacher && <span class="to-teacher" data-testid="to-teacher"> · {t("steer_to_teacher")}</span>}
      </figcaption>
    </figure>
  );
}

function EmptyPlace({ sub, name }: { sub: string; name: string }) {
  return (
    <figure class="tile empty" data-testid={`place-${sub}`}>
      <div class="no-picture" aria-hidden="true">{initials(name)}</div>
      <figcaption>{t("steer_left", { name })}</figcaption>
    </figure>
  );
}

/** Teachers are large for everyone else, unless the class sees a gallery; in the speaker's view, who speaks. */
function isLarge(tile: Tile, view: "" | "gallery" | "speaker", speaker: string): boolean {
  if (view === "gallery" || tile.self) return false;
  if (view === "speaker" && speaker !== "") return tile.identity === speaker;
  return tile.role === "teacher" || tile.role === "aide" || tile.role === "duty";
}

const SWIPE_PX = 60;

/** A finger over the faces turns the page. A mouse has the arrows. */
function swipe(element: { current: HTMLElement | null }, next: () => void, before: () => void): (event: PointerEvent) => void {
  return (event) => {
    const from = event.clientX;
    if (event.pointerType === "mouse" || !element.current) return;
    const up = (end: PointerEvent): void => {
      if (end.pointerId !== event.pointerId) return;
      window.removeEventListener("pointerup", up);
      if (end.clientX - from < -SWIPE_PX) next();
      if (end.clientX - from > SWIPE_PX) before();
    };
    window.addEventListener("pointerup", up);
  };
}

function initials(name: string): string {
  return name.split(/\s+/).map((word) => word[0] ?? "").slice(0, 2).join("").toUpperCase();
}
