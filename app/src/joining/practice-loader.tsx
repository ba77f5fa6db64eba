import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";
import { Alert } from "../ui/alert";

/** Load the practice class, which only teachers need, and show it. */
export function PracticeLoader() {
  const [Practice, setPractice] = useState<{ screen: ComponentType } | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    Promise.all([import("../live/practice/practice-screen"), import("../live/live-screen").then((live) => live.loadWords())]).then(
      ([chunk]) => setPractice({ screen: chunk.PracticeScreen }),
      () => setFailed(true),
    );
  }, []);
  if (failed)
    return (
      <section class="card narrow">
        <Alert kind="warning">{t("live_not_loaded")}</Alert>
        <button class="usa-button" onClick={() => location.reload()}>{t("try_again")}</button>
      </section>
    );
  if (!Practice) return <p class="card narrow" role="status">{t("step_opening")}</p>;
  return <Practice.screen />;
}
