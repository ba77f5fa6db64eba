import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { BundleSection, Ticket } from "../contracts";
import { t } from "../i18n";
import type { Sitting } from "../plan/day";
import { Alert } from "../ui/alert";

export interface LiveProps {
  ticket: Ticket;
  sitting: Sitting;
  /** Of a class that the bundle does not hold: a practice class. */
  section?: BundleSection;
  onNewTicket: () => void;
  /** The class moved, and she went there. */
  onGone: () => void;
}

/** Load the live part, which the service worker has kept since the first visit, and show the class. */
export function LiveLoader(props: LiveProps) {
  const [Live, setLive] = useState<{ screen: ComponentType<LiveProps> } | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    import("../live/live-screen").then(
      async (chunk) => {
        await chunk.loadWords();
        setLive({ screen: chunk.LiveScreen });
      },
    ).catch(() => setFailed(true));
  }, []);
  if (failed)
    return (
      <section class="card narrow">
        <Alert kind="warning">{t("live_not_loaded")}</Alert>
        <button class="usa-button" onClick={() => location.reload()}>{t("try_again")}</button>
      </section>
    );
  if (!Live) return <p class="card narrow" role="status">{t("step_opening")}</p>;
  return <Live.screen {...props} />;
}
