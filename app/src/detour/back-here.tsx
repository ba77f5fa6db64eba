import { t } from "../i18n";
import type { Sitting } from "../plan/day";
import { Link } from "../ui/link";

/** The detour was undone while she was elsewhere: one tap back. Not by itself: her camera may be busy there. */
export function BackHere({ sitting, onJoin }: { sitting: Sitting; onJoin: () => void }) {
  return (
    <section class="card narrow" data-testid="back-here">
      <h1>{sitting.title}</h1>
      <p role="alert">{t("detour_class_back")}</p>
      <button class="usa-button usa-button--big" data-testid="join-back" onClick={onJoin}>{t("join")}</button>
      <p>
        <Link to="/" class="usa-button usa-button--outline">{t("back_to_today")}</Link>
      </p>
    </section>
  );
}
