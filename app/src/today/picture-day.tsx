import { MovedNote } from "../detour/moved-note";
import { placeName } from "../detour/place";
import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import { go } from "../lib/route";
import type { DayState, Sitting } from "../plan/day";
import { startsWords } from "./countdown";
import { pictureOf } from "./class-picture";
import { readAloud } from "./read-aloud";

/** For the smallest: one big picture button per class. The first tap reads it aloud; when it is open it also goes in. */
export function PictureDay({ day, now, opens }: { day: DayState; now: number; opens: number }) {
  const left = day.today.filter((sitting) => sitting.endsAt > now);
  if (left.length === 0) return <div class="card"><h2>{t("day_over")}</h2></div>;
  return (
    <ul class="picture-day" data-testid="picture-day">
      {left.map((sitting) => (
        <li key={sitting.id}>
          <PictureButton sitting={sitting} now={now} open={now >= sitting.startsAt - opens} current={sitting === day.current} />
          <MovedNote sitting={sitting} />
        </li>
      ))}
    </ul>
  );
}

function PictureButton(props: { sitting: Sitting; now: number; open: boolean; current: boolean }) {
  const { sitting, now, open } = props;
  const words = `${sitting.title}. ${startsWords(sitting, now)}`;
  const way = sitting.pathway === "live" ? t("join") : placeName(sitting.pathway);
  return (
    <button
      class={`picture-class ${props.current ? "current" : ""}`}
      data-testid={props.current && open ? "join" : "picture-class"}
      data-section={sitting.section}
      onClick={() => {
        readAloud(open ? `${sitting.title}. ${way}` : words);
        if (open) go(`/join/${sitting.id}`);
      }}
    >
      {pictureOf(sitting.title)}
      <span class="picture-title">{sitting.title}</span>
      <span>{open ? way : timeOf(sitting.startsAt, sitting.timeZone)}</span>
      {props.current && <span class="countdown">{startsWords(sitting, now)}</span>}
    </button>
  );
}
