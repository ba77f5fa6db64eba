import type { Track } from "livekit-client";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { HandUp } from "../ui/hand-up";
import { useCell } from "../ui/use-cell";
import type { Classroom } from "./classroom";
import { GROUPS, placeOfPerson } from "./groups/rule";
import { deskOf } from "./steer/desk";
import { onPage } from "./pictures";
import { galleryOf } from "./steer/gallery";
import { Chairs, pageAt } from "./steer/pages";
import { Pager } from "./steer/pager";
import { pinnedIn } from "./steer/pinned";
import type { Kind } from "./steer/reactions";
import { outOf, REMOVED } from "./steer/steer-rules";
import { Sign } from "./steer/sign";
import { useSpeaker } from "./steer/use-speaker";
import { useView } from "./steer/use-view";
import { useWindow } from "./steer/use-window";
import type { Tile } from "./tiles";
import { Video } from "./video";

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
  // Another place has chairs of its own; who is in a group has not left.
  const group = useCell(classroom.group);
  const grouped = useCell(deskOf(classroom).groups);
  const chairs = useMemo(() => new Chairs(), [group]);
  const size = useWindow();
  const out = outOf(useCell(classroom.steering.cell(REMOVED)));
  const [wanted, want] = useState(0);

  const listed = new Set(classroom.members.map((member) => member.id));
  const left = chairs
    .see(shown.map(({ sub, name, role, self }) => ({ sub, name, kept: role === "student" && !self && listed.has(sub) })))
    .filter(({ sub }) => !out.has(sub) && !goesTo(classroom, grouped, sub));
  const { large, faces, strip, columns, page, pages, handsBefore, handsAfter } = galleryOf({
    shown, left, members: classroom.members, pinned, hands, beside, view, speaker, wanted, window: size,
  });
  const received = [...large, ...faces.flatMap((chair) => chair.tile ?? [])].map((tile) => tile.face);
  useEffect(() => onPage.set(new Set(received)), [received.join()]);
  const element = useRef<HTMLDivElement>(null);
  const go = (to: number): void => want(pageAt(to, pages));
  return (
    <div
      class={`gallery ${strip ? "strip" : ""}`} ref={element} data-view={view} data-testid="gallery"
      data-page={page} data-pages={pages} onPointerDown={swipe(element, () => go(page + 1), () => go(page - 1))}
    >
      <div
        class="grid" data-testid="grid"
        style={{ "--columns": columns, "--phone-columns": Math.min(columns, 2), "--rows": Math.ceil(faces.length / columns) }}
      >
        {screens.map((tile) => (
          <figure key={`screen-${tile.sub}`} class="tile screen" data-testid={`screen-${tile.sub}`}>
            <Video track={tile.screen as Track} mirror={false} label={t("screen_of", { name: tile.name })} />
            <figcaption>{t("screen_of", { name: tile.name })}</figcaption>
          </figure>
        ))}
        {large.map((tile) => (
          <TileView key={tile.sub} tile={tile} hand={hands.indexOf(tile.sub) + 1} large reaction={reactions.get(tile.sub)} />
        ))}
        {faces.map(({ tile, sub, name }) =>
          tile ? (
            <TileView key={sub} tile={tile} hand={hands.indexOf(sub) + 1} large={false} reaction={reactions.get(sub)} />
          ) : (
            <EmptyPlace key={sub} sub={sub} name={name} />
          ),
        )}
      </div>
      <Pager page={page} pages={pages} handsBefore={handsBefore} handsAfter={handsAfter} go={go} />
    </div>
  );
}

/** Whether she is in another place of this class, or on her way there. */
const goesTo = ({ steering, group }: Classroom, grouped: ReadonlyMap<string, number>, sub: string): boolean =>
  grouped.has(sub) || placeOfPerson(steering.cell(GROUPS).value, sub) !== group.value;

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
      {reaction && <span class="reaction" role="img" aria-label={t(`steer_react_${reaction}`)} data-testid="reaction" data-kind={reaction}><Sign kind={reaction} /></span>}
      <figcaption>
        {hand > 0 && <HandUp />}
        <span data-testid="name">{tile.name}</span>
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

const SWIPE_PX = 60;

/** A finger over the faces turns the page. A mouse has the arrows. */
function swipe(element: { current: HTMLElement | null }, next: () => void, before: () => void): (event: PointerEvent) => void {
  return (event) => {
    const from = event.clientX;
    if (event.pointerType === "mouse" || !element.current) return;
    const over = new AbortController();
    const ends = (end: PointerEvent): void => {
      if (end.pointerId !== event.pointerId) return;
      over.abort();
      if (end.type === "pointercancel") return; // the browser scrolls with it
      if (end.clientX - from < -SWIPE_PX) next();
      if (end.clientX - from > SWIPE_PX) before();
    };
    for (const type of ["pointerup", "pointercancel"] as const) window.addEventListener(type, ends, { signal: over.signal });
  };
}

/** Two letters of a name; of two of one name also what tells them apart: "NP 2", "NP A". */
function initials(name: string): string {
  const words = name.split(/\s+/);
  const apart = words.length > 2 ? (/^(\d+|.\.)$/u.exec(words.at(-1) ?? "")?.[1]?.replace(".", "") ?? "") : "";
  return `${words.map((word) => word[0] ?? "").slice(0, 2).join("")} ${apart}`.trim().toUpperCase();
}
