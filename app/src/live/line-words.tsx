import { t } from "../i18n";
import { Alert } from "../ui/alert";
import { useCell } from "../ui/use-cell";
import type { Classroom } from "./classroom";

/** What is going on with the line, in calm words; nothing while all is well. */
export function LineWords({ classroom, onBack }: { classroom: Classroom; onBack: () => void }) {
  const line = useCell(classroom.line);
  if (line === "open" || line === "left") return null;
  if (line === "elsewhere")
    return (
      <Alert kind="info" testid="live-line">
        {t("live_elsewhere")} <button class="usa-button" onClick={onBack}>{t("live_back_here")}</button>
      </Alert>
    );
  const words = line === "connecting" ? t("live_connecting") : line === "reconnecting" ? t("live_reconnecting") : t("live_lost");
  return <Alert kind="info" testid="live-line">{words}</Alert>;
}
