import { t } from "../i18n";
import { ICONS } from "./icons";

/** The sign of a raised hand; our own drawing, since not every school laptop has a font for it. `place`: in the order of raising. */
export function HandUp({ place }: { place?: number }) {
  return (
    <>
    <svg class="hand-up" viewBox="0 0 24 24" role="img" aria-label={t("hand_is_up")} data-testid="hand-up">
      <path d={ICONS.hand} />
    </svg>
    {place !== undefined && <span class="hand-place">{place}</span>}
    </>
  );
}
