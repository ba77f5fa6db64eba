import { useState } from "preact/hooks";
import { t } from "../i18n";
import { PushButton } from "../push/push-button";
import { SignOff } from "../sign-on/sign-off";
import { Link } from "../ui/link";
import { CalendarFeed } from "./calendar-feed";

/** Phone numbers, calendar feed, sign off. */
export function DayFoot({ phones, family = false }: { phones: string[]; family?: boolean }) {
  const [open, setOpen] = useState<"calendar" | "off" | null>(null);
  return (
    <footer class="foot">
      {family && <Link to="/family">{t("family_link")}</Link>}
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
