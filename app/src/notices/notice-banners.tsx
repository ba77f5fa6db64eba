import type { Notice } from "../contracts";
import { type Key, language, t } from "../i18n";
import { nowSeconds } from "../lib/clock";
import { plan } from "../state";
import { useCell } from "../ui/use-cell";
import { useNow } from "../ui/use-now";
import { closedNotices, closeNotice, nextWord, noticesInForce } from "./in-force";

const LEVELS: Record<Notice["level"], Key> = {
  info: "notice_info", warning: "notice_warning", emergency: "notice_emergency",
};

// More would hide the page, or the class; the next one comes up when one is closed.
const AT_ONCE = 3;

/** Notices of this person's schools that are not closed here. */
export function useNotices(): Notice[] {
  const closed = useCell(closedNotices);
  useNow(5_000);
  return noticesInForce(useCell(plan)?.schools ?? [], nowSeconds()).filter((one) => !closed.has(one.id));
}

export const noticeText = (one: Notice): string => one.text[language.value] || one.text.en;

/** What the school has to say to everybody, on top of every screen and in class; how urgent it is stands in words too. */
export function NoticeBanners() {
  const plans = useCell(plan)?.schools ?? [];
  return (
    <>
      {useNotices().slice(0, AT_ONCE).map((one) => (
        <section key={one.id} class={`usa-alert usa-alert--slim usa-alert--${one.level} notice`} aria-label={t(LEVELS[one.level])} data-testid={`notice-${one.id}`} data-level={one.level}>
          <div class="usa-alert__body">
            <p class="usa-alert__text">
              <strong>{t(LEVELS[one.level])}:</strong> {noticeText(one)}{" "}
              <span data-testid={`next-word-${one.id}`}>{nextWord(one, plans, nowSeconds())}</span>
            </p>
            <button class="usa-button usa-button--unstyled" data-testid={`close-notice-${one.id}`} onClick={() => void closeNotice(one.id)}>
              {t("close")}
            </button>
          </div>
        </section>
      ))}
    </>
  );
}
