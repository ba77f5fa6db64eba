import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import { go } from "../lib/route";
import type { Sitting } from "../plan/day";

/** The one large button. Before the class opens it says when it will. */
export function JoinButton({ sitting, now, opens }: { sitting: Sitting; now: number; opens: number }) {
  const opensAt = sitting.startsAt - opens;
  if (now < opensAt)
    return (
      <button class="usa-button usa-button--big join" disabled data-testid="join-later">
        {t("join_opens_at", { time: timeOf(opensAt, sitting.timeZone) })}
      </button>
    );
  return (
    <button class="usa-button usa-button--big join" data-testid="join" onClick={() => go(`/join/${sitting.id}`)}>
      {t("join")}
    </button>
  );
}
