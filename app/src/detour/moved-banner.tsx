import { Alternates } from "../joining/alternates";
import { t } from "../i18n";
import type { Sitting } from "../plan/day";
import { placeName } from "./place";
import { reasonOf } from "./words";

/**
 * In class, when the plan has moved it: where it is now, why, and one tap to go. It stays, and so does the class until she
 * taps: nobody is taken out in mid-sentence. `onGone`: she went; two places at once would fight for the camera.
 */
export function MovedBanner(props: { sitting: Sitting; sub: string; onGone: () => void }) {
  const { sitting } = props;
  if (sitting.pathway === "live") return null;
  return (
    <div class="moved-banner" role="alert" data-testid="class-moved" data-pathway={sitting.pathway}>
      <div>
        <p class="who">{t("detour_class_moved", { place: placeName(sitting.pathway) })}</p>
        <p>{reasonOf(sitting.detour)}</p>
      </div>
      <Alternates sitting={sitting} alternates={sitting.alternates} sub={props.sub} words="" onOpened={props.onGone} />
    </div>
  );
}
