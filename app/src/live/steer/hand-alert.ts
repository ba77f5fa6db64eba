import { Cell } from "../../lib/cell";
import type { Classroom } from "../classroom";

const KEY = "hand_sound";
const NOTE_HZ = 660;
const NOTE_SECONDS = 0.25;
const LOUDNESS = 0.06;

/** Whether this device sounds when a hand goes up. */
export const handSound = new Cell(localStorage.getItem(KEY) !== "off");

export function setHandSound(on: boolean): void {
  localStorage.setItem(KEY, on ? "on" : "off");
  handSound.set(on);
}

/**
 * Tell a grown-up of raised hands also while she looks elsewhere: the title of the page counts them, and a soft note
 * sounds when one more goes up. Returns how to stop.
 */
export function alertHands(classroom: Classroom): () => void {
  if (!classroom.leads) return () => {};
  let before = classroom.hands.value.length;
  let audio: AudioContext | undefined;

  function look(): void {
    const now = classroom.hands.value.filter((sub) => sub !== classroom.me).length;
    document.title = `${now > 0 ? `(${now} ✋) ` : ""}${plainTitle()}`;
    if (now > before && handSound.value) sound();
    before = now;
  }

  function sound(): void {
    audio ??= new AudioContext();
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.frequency.value = NOTE_HZ;
    volume.gain.setValueAtTime(LOUDNESS, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + NOTE_SECONDS);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + NOTE_SECONDS);
  }

  const stop = classroom.hands.watch(look);
  return () => {
    stop();
    document.title = plainTitle();
    void audio?.close();
  };
}

/** The title without our sign: others write theirs into it. */
const plainTitle = (): string => document.title.replace(/^\(\d+ ✋\) /, "");
