import { t } from "../i18n";
import { Alternates } from "../joining/alternates";
import type { Sitting } from "../plan/day";
import { Alert } from "../ui/alert";
import { useCell } from "../ui/use-cell";
import type { Classroom } from "./classroom";

/** What is going on with the line, in calm words; nothing while all is well. With no live server, where else the class is. */
export function LineWords({ classroom, sitting, onBack }: { classroom: Classroom; sitting: Sitting; onBack: () => void }) {
  const failures = useCell(classroom.failures);
  const line = useCell(classroom.line);
  if (line === "open" || line === "left") return null;
  if (line === "elsewhere")
    return (
      <Alert kind="info" testid="live-line">
        {t("live_elsewhere")} <button class="usa-button" onClick={onBack}>{t("live_back_here")}</button>
      </Alert>
    );
  if (failures > 0)
    return (
      <>
        <Alert kind="info" testid="live-line">{t("live_lost")}</Alert>
        <div class="card elsewhere">
          <Alternates sitting={sitting} alternates={sitting.alternates} sub={classroom.me} />
        </div>
      </>
    );
  const words = line === "connecting" ? t("live_connecting") : line === "reconnecting" ? t("live_reconnecting") : t("live_lost");
  return <Alert kind="info" testid="live-line">{words}</Alert>;
}
