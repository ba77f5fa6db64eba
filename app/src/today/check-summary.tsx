import { t } from "../i18n";
import { check } from "../state";
import { Link } from "../ui/link";
import { useCell } from "../ui/use-cell";

/** What the last device check found, in one line. */
export function CheckSummary() {
  const found = useCell(check);
  if (!found)
    return <p class="quiet"><Link to="/check">{t("check_never")}</Link></p>;
  const bad = found.camera === "bad" || found.microphone === "bad" || found.line === "bad";
  if (bad) return <p class="check-bad"><Link to="/check">{t("check_was_bad")}</Link></p>;
  const skipped = found.camera === "skipped" || found.microphone === "skipped";
  if (skipped) return <p class="quiet"><Link to="/check">{t("check_half")}</Link></p>;
  return <p class="check-good">{t("check_was_good")} <span aria-hidden="true">✓</span></p>;
}
