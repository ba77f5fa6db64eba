import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";
import type { CheckResult } from "../keep/kept";
import { doors } from "../state";
import { Alert } from "../ui/alert";
import { measureLine } from "./measure-line";

/** How long a door takes to answer. No big download: a school's line is shared by a thousand children. */
export function LineCheck({ onFound }: { onFound: (line: CheckResult["line"]) => void }) {
  const [found, setFound] = useState<{ line: CheckResult["line"]; ms: number } | null>(null);
  useEffect(() => {
    void measureLine(doors()).then((measured) => {
      setFound(measured);
      onFound(measured.line);
    });
  }, []);
  return (
    <div class="card">
      <h2>{t("line")}</h2>
      {!found && <p role="status"><span class="spinner" aria-hidden="true" /> {t("line_checking")}</p>}
      {found?.line === "good" && <p class="check-good">{t("line_good", { ms: found.ms })} ✓</p>}
      {found?.line === "slow" && <Alert kind="info">{t("line_slow", { ms: found.ms })}</Alert>}
      {found?.line === "bad" && <Alert kind="warning">{t("line_advice")}</Alert>}
    </div>
  );
}
