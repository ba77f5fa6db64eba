import { t } from "../i18n";

const TONE_HZ = 523;
const TONE_SECONDS = 0.8;

export function SpeakerCheck() {
  return (
    <div class="card">
      <h2>{t("speakers")}</h2>
      <button class="usa-button usa-button--outline" onClick={playTone}>{t("speakers_play")}</button>
      <p class="quiet">{t("speakers_advice")}</p>
    </div>
  );
}

function playTone(): void {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = TONE_HZ;
  volume.gain.setValueAtTime(0.3, context.currentTime);
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + TONE_SECONDS);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + TONE_SECONDS);
  tone.onended = () => void context.close();
}
