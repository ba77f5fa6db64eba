import { t } from "../i18n";

/** The drawing of it, 24 x 24. */
export const HAND =
  "M11 2a1.500 1.500 0 0 1 1.500 1.500V10h.7V4.500a1.500 1.500 0 0 1 3 0V11h.6V7a1.500 1.500 0 0 1 3 0v8a7 7 0 0 1-7 7c-3 0-4.800-1.500-6-4l-3-6c-.6-1.500 1.300-2.600 2.300-1.300L8.500 13V4a1.500 1.500 0 0 1 1-1.400V10h.7V3.500z";

/** The sign of a raised hand; our own drawing, since not every school laptop has a font for it. `place`: in the order of raising. */
export function HandUp({ place }: { place?: number }) {
  return (
    <>
    <svg class="hand-up" viewBox="0 0 24 24" role="img" aria-label={t("hand_is_up")} data-testid="hand-up">
      <path d={HAND} />
    </svg>
    {place !== undefined && <span class="hand-place">{place}</span>}
    </>
  );
}
