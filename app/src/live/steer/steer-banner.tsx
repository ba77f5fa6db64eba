import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import { nameIn } from "../name-in";
import type { ToolProps } from "../tool";
import { admit, freeze } from "./decide";
import { FROZEN, LOCKED } from "./rules";
import { isStudent } from "./said";
import { outOf, REMOVED } from "./steer-rules";
import { removeStudent } from "./removal";

/** What holds for the class just now, in one line each; nothing most of the time. */
export function SteerBanner({ classroom }: ToolProps) {
  const frozen = useCell(classroom.steering.cell(FROZEN));
  const locked = useCell(classroom.steering.cell(LOCKED));
  const tiles = useCell(classroom.tiles);
  const out = outOf(useCell(classroom.steering.cell(REMOVED)));
  const waits = tiles.some((tile) => tile.self && tile.waits) && isStudent(classroom);
  const waiting = locked && classroom.leads ? tiles.filter((tile) => tile.waits) : [];
  return (
    <>
      {waits && <p class="steer-banner" role="status" data-testid="waits">{t("steer_waits")}</p>}
      {frozen && !waits && (
        <div class="steer-banner" role="status" data-testid="frozen">
          <p>{t(classroom.leads ? "steer_frozen_teacher" : "steer_frozen")}</p>
          {classroom.leads && <button class="usa-button" onClick={() => void freeze(classroom, false)}>{t("steer_unfreeze")}</button>}
        </div>
      )}
      {waiting.map((tile) => (
        <div key={tile.sub} class="steer-banner" role="status" data-testid={`waiting-${tile.sub}`}>
          <p>{t("steer_waiting", { name: tile.name })}</p>
          <button class="usa-button" data-testid={`admit-${tile.sub}`} onClick={() => void admit(classroom, tile.sub)}>{t("steer_admit", { name: tile.name })}</button>
        </div>
      ))}
      {classroom.leads && [...out].map((sub) => (
        <div key={sub} class="steer-banner" data-testid={`out-${sub}`}>
          <p>{t("steer_out", { name: nameIn(classroom, sub) })}</p>
          <button class="usa-button usa-button--outline" data-testid={`let-back-${sub}`} onClick={() => void removeStudent(classroom, sub, true)}>{t("steer_let_back", { name: nameIn(classroom, sub) })}</button>
        </div>
      ))}
    </>
  );
}
