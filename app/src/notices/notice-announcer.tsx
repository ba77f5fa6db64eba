import { useRef } from "preact/hooks";
import { t } from "../i18n";
import { noticeText, useNotices } from "./notice-banners";

/** Tells a screen reader of each notice once, on whatever screen she is: emergencies at once, others when she pauses. */
export function NoticeAnnouncer() {
  const notices = useNotices();
  const told = useRef(new Set<string>());
  const words = useRef({ now: "", later: "" });
  const fresh = notices.filter((one) => !told.current.has(one.id));
  for (const one of fresh) told.current.add(one.id);
  const emergencies = fresh.filter((one) => one.level === "emergency");
  const others = fresh.filter((one) => one.level !== "emergency");
  if (emergencies.length > 0) words.current.now = `${t("notice_emergency")}: ${emergencies.map(noticeText).join(" ")}`;
  if (others.length > 0) words.current.later = others.map(noticeText).join(" ");
  return (
    <>
      <div class="usa-sr-only" role="alert" data-testid="notice-alert">{words.current.now}</div>
      <div class="usa-sr-only" role="status">{words.current.later}</div>
    </>
  );
}
