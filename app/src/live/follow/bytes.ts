import { t } from "../../i18n";

/** A rate as a family reads it: megabytes a minute, small ones with one place. */
export function perMinute(bytes: number): string {
  const megabytes = bytes / 1_000_000;
  return t("saver_mb", { mb: megabytes >= 10 ? Math.round(megabytes) : Math.max(0.1, Math.round(megabytes * 10) / 10) });
}
