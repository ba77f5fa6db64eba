import { MovedNote } from "../detour/moved-note";
import { placeName } from "../detour/place";
import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import { PacketHere } from "../packets/packet-here";
import type { Sitting } from "../plan/day";
import { Link } from "../ui/link";

export function RestOfDay({ rest, now }: { rest: Sitting[]; now: number }) {
  if (rest.length === 0) return null;
  return (
    <div class="rest">
      <h2>{t("later_today")}</h2>
      <ul data-testid="rest">
        {rest.map((sitting) => (
          <li key={sitting.id} data-section={sitting.section}>
            <time>{timeOf(sitting.startsAt, sitting.timeZone)}</time>
            <span class="rest-title">
              {sitting.title}
              {sitting.role === "student" && sitting.teachers[0] && ` · ${sitting.teachers[0]}`}
              {sitting.pathway !== "live" && !sitting.moved && <span class="usa-tag">{placeName(sitting.pathway)}</span>}
              <MovedNote sitting={sitting} />
              <PacketHere sitting={sitting} />
            </span>
            {(sitting.role === "teacher" || sitting.role === "aide") ? (
              <Link to={`/class/${sitting.section}`}>{t("class_list")}</Link>
            ) : (
              sitting.startsAt <= now && <Link to={`/join/${sitting.id}`}>{t("join")}</Link>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
