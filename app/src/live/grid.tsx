import type { Track } from "livekit-client";
import { t } from "../i18n";
import { HandUp } from "../ui/hand-up";
import { columnsFor } from "./columns";
import type { Tile } from "./tiles";
import { Video } from "./video";

/** Everyone in the class: a shared screen first, teachers large, students as small pictures. */
export function Grid({ tiles, hands }: { tiles: Tile[]; hands: string[] }) {
  const screens = tiles.filter((tile) => tile.screen !== null);
  const small = tiles.filter((tile) => !isLarge(tile, screens.length > 0)).length;
  const columns = columnsFor(small, small < tiles.length || screens.length > 0);
  return (
    <div class="grid" data-testid="grid" style={{ "--columns": columns, "--phone-columns": Math.min(columns, 2) }}>
      {screens.map((tile) => (
        <figure key={`screen-${tile.identity}`} class="tile screen" data-testid={`screen-${tile.sub}`}>
          <Video track={tile.screen as Track} mirror={false} label={t("screen_of", { name: tile.name })} />
          <figcaption>{t("screen_of", { name: tile.name })}</figcaption>
        </figure>
      ))}
      {tiles.map((tile) => (
        <TileView key={tile.identity} tile={tile} hand={hands.includes(tile.sub)} small={screens.length > 0} />
      ))}
    </div>
  );
}

function TileView({ tile, hand, small }: { tile: Tile; hand: boolean; small: boolean }) {
  const classes = ["tile", isLarge(tile, small) ? "large" : "", tile.speaking ? "speaking" : ""].join(" ");
  return (
    <figure class={classes} data-testid={`tile-${tile.sub}`} data-self={tile.self} data-hand={hand} data-microphone={tile.microphone}>
      {tile.camera ? (
        <Video track={tile.camera} mirror={tile.self} label={tile.name} />
      ) : (
        <div class="no-picture" aria-hidden="true">{initials(tile.name)}</div>
      )}
      <figcaption>
        {hand && <HandUp />}
        {tile.name}
        {tile.self && ` (${t("you")})`}
        {!tile.microphone && <span class="muted"> · {t("muted")}</span>}
      </figcaption>
    </figure>
  );
}

/** Teachers are large for everyone else, unless a screen is shown. */
function isLarge(tile: Tile, screenShown: boolean): boolean {
  return tile.role !== "student" && !tile.self && !screenShown;
}

function initials(name: string): string {
  return name.split(/\s+/).map((word) => word[0] ?? "").slice(0, 2).join("").toUpperCase();
}
