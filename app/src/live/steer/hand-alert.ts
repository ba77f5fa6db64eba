import { t } from "../../i18n";
import { Cell } from "../../lib/cell";
import { chime } from "../../ui/chime";
import type { Classroom } from "../classroom";

const KEY = "hand_sound";
/** One soft note: a hand goes up. */
export const HAND_NOTE = [{ hz: 660, seconds: 0.25, level: 0.06 }];

/** Whether this device sounds when a hand goes up. */
export const handSound = new Cell(localStorage.getItem(KEY) !== "off");

export function setHandSound(on: boolean): void {
  localStorage.setItem(KEY, on ? "on" : "off");
  handSound.set(on);
}

/**
 * Tell a grown-up of raised hands also while she looks elsewhere, or shows her screen: the title of the page counts them,
 * and a soft note sounds when one more goes up. Returns how to stop.
 */
export function alertHands(classroom: Classroom): () => void {
  if (!classroom.leads) return () => {};
  let before = classroom.hands.value.length;
  let badge = "";

  /** The title without our sign: others write theirs into it. */
  const plainTitle = (): string => (badge ? document.title.replace(badge, "") : document.title);

  function look(): void {
    const now = classroom.hands.value.filter((sub) => sub !== classroom.me).length;
    const plain = plainTitle();
    badge = now > 0 ? `(${t("steer_hands_count", { count: now })}) ` : "";
    document.title = badge + plain;
    if (now > before && handSound.value) chime(HAND_NOTE);
    before = now;
  }

  const stop = classroom.hands.watch(look);
  return () => {
    stop();
    document.title = plainTitle();
  };
}
