import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import type { Classroom } from "../classroom";
import type { Media } from "../use-media";
import { deskOf } from "./desk";

/** The teacher asks her to speak: one tap opens the microphone, or she says not now. It never opens by itself. */
export function Called({ classroom, media }: { classroom: Classroom; media: Media }) {
  const { called } = deskOf(classroom);
  if (!useCell(called)) return null;
  const answer = (open: boolean) => () => {
    called.set(false);
    if (open && !media.microphone) void media.toggle("microphone");
  };
  return (
    <div class="steer-banner" role="alert" data-testid="called">
      <p>{t("steer_called")}</p>
      {!media.microphone && media.may.microphone && <button class="usa-button" data-testid="speak-now" onClick={answer(true)}>{t("steer_speak_now")}</button>}
      <button class="usa-button usa-button--outline" data-testid="not-now" onClick={answer(false)}>{media.microphone ? t("close") : t("steer_not_now")}</button>
    </div>
  );
}
