import { t } from "../i18n";
import { chime } from "../ui/chime";

const TONE = [{ hz: 523, seconds: 0.8, level: 0.3 }];

export function SpeakerCheck() {
  return (
    <div class="card">
      <h2>{t("speakers")}</h2>
      <button class="usa-button usa-button--outline" onClick={() => chime(TONE)}>{t("speakers_play")}</button>
      <p class="quiet">{t("speakers_advice")}</p>
    </div>
  );
}
