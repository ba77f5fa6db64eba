const NOTES_HZ = [523.25, 659.25];
const NOTE_SECONDS = 0.5;

/** Two soft notes. A browser that wants a tap first stays silent; the words and the colour say it too. */
export function chime(): void {
  const context = new AudioContext();
  NOTES_HZ.forEach((hz, index) => {
    const [note, loudness] = [context.createOscillator(), context.createGain()];
    const at = context.currentTime + index * NOTE_SECONDS;
    note.frequency.value = hz;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.15, at + 0.05);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + NOTE_SECONDS);
    note.connect(loudness).connect(context.destination);
    note.start(at);
    note.stop(at + NOTE_SECONDS);
    if (index === NOTES_HZ.length - 1) note.onended = () => void context.close();
  });
}
