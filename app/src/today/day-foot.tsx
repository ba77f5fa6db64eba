import { useState } from "preact/hooks";
import { t } from "../i18n";
import { PushButton } from "../push/push-button";
import { SignOff } from "../sign-on/sign-off";
import { Link } from "../ui/link";
import { CalendarFeed } from "./calendar-feed";

/** What she did in class (`book`: its page), recordings that her teachers show (`watches`), phone numbers, calendar feed, sign off. */
export function DayFoot(props: { phones: string[]; family?: boolean; book?: string; watches?: boolean }) {
  const { phones, family = false, book = "" } = props;
  const [open, setOpen] = useState<"calendar" | "off" | null>(null);
  return (
    <footer class="foot">
      {book && <a class="usa-link" href={book} data-testid="my-book">{t("my_book")}</a>}
      {family && <Link to="/family">{t("family_link")}</Link>}
      {props.watches && <a class="usa-link" href="/office/recordings/" data-testid="recordings">{t("recordings_link")}</a>}
      {phones.map((number) => (
        <a key={number} class="usa-link" href={`tel:${number}`} data-testid="phone">
          {t("school_phone", { number })}
        </a>
      ))}
      <button class="usa-button usa-button--unstyled" onClick={() => setOpen("calendar")} data-testid="calendar">
        {t("calendar_link")}
      </button>
      <PushButton />
      <button class="usa-button usa-button--unstyled" onClick={() => setOpen("off")} data-testid="sign-off">
        {t("sign_off")}
      </button>
      {open === "calendar" && <CalendarFeed onClose={() => setOpen(null)} />}
      {open === "off" && <SignOff onClose={() => setOpen(null)} />}
    </footer>
  );
}
