import { t } from "../../../i18n";
import { useCell } from "../../../ui/use-cell";
import type { Classroom } from "../../classroom";
import { WRITERS } from "./rule";

const WHO = [["teacher", "writers_teacher"], ["all", "writers_all"], ["some", "writers_some"]] as const;

/** Who may write: nobody, everybody, or children one by one. */
export function WritersChoice({ classroom }: { classroom: Classroom }) {
  const rule = classroom.steering.cell(WRITERS);
  const writers = useCell(rule);
  const students = useCell(classroom.tiles).filter((tile) => tile.role === "student");
  const set = (who: typeof writers.who, subs = writers.subs) => void classroom.steering.set(WRITERS, { who, subs });
  const toggle = (sub: string) =>
    set("some", writers.subs.includes(sub) ? writers.subs.filter((one) => one !== sub) : [...writers.subs, sub].slice(-60));
  return (
    <fieldset class="stage-choice" data-testid="writers">
      <legend>{t("writers_who")}</legend>
      {WHO.map(([who, word]) => (
        <label key={who}>
          <input type="radio" name="writers" checked={writers.who === who} onChange={() => set(who)} data-testid={`writers-${who}`} /> {t(word)}
        </label>
      ))}
      {writers.who === "some" && students.length === 0 && <p>{t("heard_nobody_here")}</p>}
      {writers.who === "some" &&
        students.map((tile) => (
          <label key={tile.sub}>
            <input type="checkbox" checked={writers.subs.includes(tile.sub)} onChange={() => toggle(tile.sub)} data-testid={`writer-${tile.sub}`} /> {tile.name}
          </label>
        ))}
    </fieldset>
  );
}
