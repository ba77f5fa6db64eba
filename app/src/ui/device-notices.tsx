import { t } from "../i18n";
import { store } from "../keep/db";
import { OnTheirWay } from "../live/record/video/on-their-way";
import { onTheirWay } from "../live/record/video/progress";
import { bundle, inClass } from "../state";
import { Alert } from "./alert";
import { useCell } from "./use-cell";
import { useNow } from "./use-now";

/** What a person has to know of her own device, above every screen but the class: one calm sentence each. */
export function DeviceNotices() {
  const person = useCell(bundle);
  const forgets = useCell(store.forgetful);
  const busy = useCell(inClass);
  const way = useCell(onTheirWay);
  const now = useNow();
  if (!person || busy) return null;
  const old = person.pass !== null && person.pass.valid_until <= now;
  if (!forgets && !old && !way) return null;
  return (
    <div class="device-notices">
      {forgets && <Alert kind="info" testid="forgets">{t("keep_forgets")}</Alert>}
      <OnTheirWay />
      {old && <Alert kind="info" testid="pass-old">{t("pass_old")}</Alert>}
    </div>
  );
}
