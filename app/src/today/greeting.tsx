import { t } from "../i18n";
import { dayOf, hourOf, timeOf } from "../i18n/dates";

const NOON_HOUR = 12;
const EVENING_HOUR = 18;

export function Greeting({ name, now, zone }: { name: string; now: number; zone: string }) {
  const hour = hourOf(now, zone);
  const key = hour < NOON_HOUR ? "good_morning" : hour < EVENING_HOUR ? "good_afternoon" : "good_evening";
  return (
    <div class="greeting">
      <h1>{name ? t(key, { name }) : t("hello")}</h1>
      <p class="date">
        {dayOf(now, zone)} · <time>{timeOf(now, zone)}</time>
      </p>
    </div>
  );
}
