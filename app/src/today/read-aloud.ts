import { language } from "../i18n";

/** Read a sentence aloud, when the device can. French voices come nearest to Haitian Creole where it has none. */
export function readAloud(sentence: string): void {
  const synthesis = globalThis.speechSynthesis;
  if (!synthesis) return;
  const voices = synthesis.getVoices();
  const wanted = language.value === "ht" ? ["ht", "fr"] : [language.value];
  const voice = wanted.map((tag) => voices.find((one) => one.lang.startsWith(tag))).find(Boolean);
  const utterance = new SpeechSynthesisUtterance(sentence);
  utterance.lang = voice?.lang ?? language.value;
  if (voice) utterance.voice = voice;
  synthesis.cancel();
  synthesis.speak(utterance);
}
