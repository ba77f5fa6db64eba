import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";
import { calendar } from "../office/office";
import { sentence } from "../ui/code-text";
import { Dialog } from "../ui/dialog";

/** The person's own calendar feed, to put into a calendar. */
export function CalendarFeed({ onClose }: { onClose: () => void }) {
  const [url, setUrl] = useState("");
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    calendar().then(
      (answer) => setUrl(new URL(answer.url, location.origin).href),
      (error: unknown) => setTrouble(sentence(error)),
    );
  }, []);
  return (
    <Dialog title={t("calendar_link")} onClose={onClose}>
      <p>{trouble || t("calendar_hint")}</p>
      {url && <input class="usa-input" readOnly value={url} aria-label={t("calendar_link")} onFocus={(event) => event.currentTarget.select()} />}
      <div class="buttons">
        {url && <a class="usa-button" href={url.replace(/^https?:/, "webcal:")}>{t("calendar_open")}</a>}
        <button class="usa-button usa-button--outline" onClick={onClose}>{t("close")}</button>
      </div>
    </Dialog>
  );
}
