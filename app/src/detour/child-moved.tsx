import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { Sitting } from "../plan/day";
import { MovedNote } from "./moved-note";
import { placeName } from "./place";
import { untilWords } from "./words";

/** For a guardian: where her child meets today and until when, once for each detour; behind one tap why. */
export function ChildMoved({ left, now }: { left: readonly Sitting[]; now: number }) {
  const firsts = left.filter(
    (one, index) => one.detour && left.findIndex((other) => other.detour?.id === one.detour?.id && other.pathway === one.pathway) === index,
  );
  return (
    <>
      {firsts.map((one) => (
        <MovedNote key={one.id} sitting={one} {...(one.moved ? { line: familyLine(one, now) } : {})} />
      ))}
    </>
  );
}

function familyLine(sitting: Sitting, now: number) {
  const place = placeName(sitting.pathway);
  const until = untilWords(sitting.detour, sitting.timeZone, now);
  return (
    <>
      <strong>{until ? t("detour_family", { place, when: until }) : t("detour_family_open", { place })}</strong>
      {sitting.startsAt > now && ` · ${t("detour_family_joins", { time: timeOf(sitting.startsAt, sitting.timeZone) })}`}{" "}
      <span class="what-changed">{t("detour_what_changed")}</span>
    </>
  );
}
