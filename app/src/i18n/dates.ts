import { language, t } from "./index";

/** `9:05`, on the clock of the school; `timeZone` empty: the device's. Seconds. */
export function timeOf(atSeconds: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-US", {
    hour: "numeric",
    minute: "2-digit",
    ...(timeZone ? { timeZone } : {}),
  }).formatToParts(atSeconds * 1000);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("hour")}:${part("minute")}`;
}

/** The hour of the day, 0 to 23, in the school's zone. */
export function hourOf(atSeconds: number, timeZone: string): number {
  const zone = timeZone ? { timeZone } : {};
  return Number(new Intl.DateTimeFormat("en-US", { hour: "numeric", hourCycle: "h23", ...zone }).format(atSeconds * 1000));
}

/** `Tuesday, September 1`. Browsers have no Haitian Creole: its names stand in our own words. */
export function dayOf(atSeconds: number, timeZone: string): string {
  const zone = timeZone ? { timeZone } : {};
  if (language.value !== "ht")
    return new Intl.DateTimeFormat(language.value, { weekday: "long", month: "long", day: "numeric", ...zone }).format(
      atSeconds * 1000,
    );
  const parts = new Intl.DateTimeFormat("en-US", { weekday: "short", month: "numeric", day: "numeric", ...zone });
  const found = Object.fromEntries(parts.formatToParts(atSeconds * 1000).map((part) => [part.type, part.value]));
  const weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(found.weekday ?? "");
  const month = Number(found.month) - 1;
  return `${t("weekdays").split(",")[weekday]} ${found.day} ${t("months").split(",")[month]}`;
}
