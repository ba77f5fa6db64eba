/** One tone. `level`: its loudest, 0 to 1 of a full swing. A tone falls softly, but for a `steady` one. */
export interface Tone {
  hz: number;
  seconds: number;
  level: number;
  steady?: boolean;
}

const RISE_SECONDS = 0.02; // at once it would click
const FAINT = 0.001; // a fall like a bell's never reaches 0
const CLOSE_AFTER_SECONDS = 1;

/**
 * Play these tones one after the other. Where nothing can be played (no AudioContext, or no tap on this page yet) it
 * stays silent, so the screen has to say it too.
 */
export function chime(tones: readonly Tone[]): void {
  const context = open();
  if (!context) return;
  let at = context.currentTime;
  for (const { hz, seconds, level, steady } of tones) {
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = hz;
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(level, at + RISE_SECONDS);
    if (!steady) volume.gain.exponentialRampToValueAtTime(FAINT, at + seconds);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + seconds);
    at += seconds;
  }
  // By the clock, not when the last tone has ended: one that waits for a tap never ends.
  setTimeout(() => void context.close(), (at - context.currentTime + CLOSE_AFTER_SECONDS) * 1_000);
}

function open(): AudioContext | null {
  if (typeof AudioContext === "undefined") return null;
  try {
    const context = new AudioContext();
    // Some browsers let each begin asleep, also after a tap. It rejects when it is closed before there was one.
    if (context.state !== "running") void context.resume().catch(() => undefined);
    return context;
  } catch {
    return null; // the device has no more of them to give
  }
}
