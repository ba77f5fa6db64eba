import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Bundle } from "../contracts";
import { t } from "../i18n";
import { Alert } from "../ui/alert";

/** Load the desk, which no child's device ever needs, and show it. */
export function DeskLoader({ bundle }: { bundle: Bundle }) {
  const [Desk, setDesk] = useState<{ screen: ComponentType<{ bundle: Bundle }> } | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    import("./desk-screen").then(
      (chunk) => setDesk({ screen: chunk.DeskScreen }),
      () => setFailed(true),
    );
  }, []);
  if (failed)
    return (
      <section class="card narrow">
        <Alert kind="warning">{t("desk_not_loaded")}</Alert>
        <button class="usa-button" onClick={() => location.reload()}>{t("try_again")}</button>
      </section>
    );
  if (!Desk) return <p class="card narrow" role="status">{t("desk_looking")}</p>;
  return <Desk.screen bundle={bundle} />;
}
