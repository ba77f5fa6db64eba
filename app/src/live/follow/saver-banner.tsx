import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import { perMinute } from "./bytes";
import { isMetered, type Saver } from "./saver";

/** The offer, once and calm; while it is on, one line with what it saves and one tap back. */
export function SaverBanner({ saver }: { saver: Saver }) {
  const on = useCell(saver.on);
  const offered = useCell(saver.offered);
  const rate = useCell(saver.rate);
  const before = useCell(saver.before);
  if (on)
    return (
      <div class="saver-banner" data-testid="saver-on" data-now={rate?.perMinute} data-before={before?.perMinute}>
        <p>
          {t("saver_is_on")} {rate && before ? t("saver_before_now", { before: perMinute(before.perMinute), now: perMinute(rate.perMinute) }) : ""}
        </p>
        <button class="usa-button usa-button--outline" data-testid="saver-back" onClick={() => saver.use(false)}>{t("saver_back")}</button>
      </div>
    );
  if (!offered) return null;
  return (
    <div class="saver-banner" role="status" data-testid="saver-offer">
      <p>
        {t(isMetered() ? "saver_offer_metered" : "saver_offer")}{" "}
        {rate && rate.picturesPerMinute > 0 && t("saver_saves", { saves: perMinute(rate.picturesPerMinute), of: perMinute(rate.perMinute) })}
      </p>
      <button class="usa-button" data-testid="saver-yes" onClick={() => saver.use(true)}>{t("saver_yes")}</button>
      <button class="usa-button usa-button--outline" data-testid="saver-no" onClick={() => saver.decline()}>{t("saver_no")}</button>
    </div>
  );
}
