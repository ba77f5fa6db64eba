import { chime } from "../ui/chime";

const VIBRATE_MS = [200, 100, 200];
const TONE = [{ hz: 660, seconds: 0.25, level: 0.1, steady: true }];

/** A short tone and a shake, where the device and its browser allow them; the card says it in any case. */
export function heed(): void {
  navigator.vibrate?.(VIBRATE_MS);
  chime(TONE);
}
