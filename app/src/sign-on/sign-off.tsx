import { useEffect, useState } from "preact/hooks";
import { sendClassNotes, sendEvidence } from "../background";
import { countUnconfirmed } from "../evidence/queue";
import { t } from "../i18n";
import { forgetPerson } from "../keep/kept";
import { signOff } from "../office/office";
import { forgetPackets } from "../packets/keep-packets";
import { tellNoMore } from "../push/push";
import { Dialog } from "../ui/dialog";

/** Clear the device of this person. Events that nobody has confirmed are sent first; what cannot be sent is asked about. */
export function SignOff({ onClose }: { onClose: () => void }) {
  const [waiting, setWaiting] = useState<number | null>(null);
  useEffect(() => {
    void Promise.all([sendEvidence({ patient: false }), sendClassNotes({ all: true })]).then(countUnconfirmed).then(setWaiting);
  }, []);
  return (
    <Dialog title={t("sign_off_title")} onClose={onClose} testid="sign-off-dialog">
      <p>{waiting === null ? t("sign_off_sending") : waiting > 0 ? t("sign_off_unsent", { count: waiting }) : t("sign_off_clear")}</p>
      <div class="buttons">
        <button class="usa-button" disabled={waiting === null} onClick={() => void clear()} data-testid="sign-off-go">
          {waiting ? t("sign_off_anyway") : t("sign_off")}
        </button>
        <button class="usa-button usa-button--outline" onClick={onClose}>{t("cancel")}</button>
      </div>
    </Dialog>
  );
}

async function clear(): Promise<void> {
  // While the office still knows who asks.
  await tellNoMore().catch(() => null);
  await forgetPerson();
  await forgetPackets().catch(() => null);
  // Without a line the office's cookie stays until it ends by itself; nothing of the person is left to show.
  await signOff().catch(() => null);
  location.assign("/");
}
