const VIBRATE_MS = [200, 100, 200];
const TONE_HZ = 660;
const TONE_SECONDS = 0.25;
const LOUD = 0.1;

/** A short tone and a shake, where the device and its browser allow them; the card says it in any case. */
export function heed(): void {
  navigator.vibrate?.(VIBRATE_MS);
  if (typeof AudioContext === "undefined") return;
  const context = new AudioContext();
  // Without a tap on this page before, browsers play nothing.
  if (context.state !== "running") return void context.close();
  const tone = context.createOscillator();
  const volume = context.createGain();
  volume.gain.value = LOUD;
  tone.frequency.value = TONE_HZ;
  tone.connect(volume).connect(context.destination);
  tone.onended = () => void context.close();
  tone.start();
  tone.stop(context.currentTime + TONE_SECONDS);
}
