import { isRecord } from "../../lib/request";
import { CHAT_AT_MOST_LETTERS } from "../messages";

/** A grown-up's device to a student's: a seat in her group. */
export const SEAT_TOPIC = "group_seat";
/** A student's device to grown-ups': she belongs elsewhere and has no seat, or has heard of nothing yet. */
export const ASK_TOPIC = "group_ask";
/** A student's device to grown-ups': help is wanted in the group; said again until one of them has tapped it. */
export const HELP_TOPIC = "group_help";
/** A grown-up's device to a student's: her call is on the screen, or somebody has tapped it. */
export const HEARD_TOPIC = "group_heard";
/** A student's device to grown-ups': she speaks, and for how long since it said so last. Live servers tell of speakers those only who listen. */
export const TALK_TOPIC = "group_talk";
/** A grown-up's words to all groups. */
export const SAY_TOPIC = "group_say";

export interface GivenSeat {
  group: number;
  token: string;
}

export const readSeat = (value: unknown): GivenSeat | null =>
  isRecord(value) && Number.isInteger(value.group) && (value.group as number) > 0 && typeof value.token === "string"
    ? { group: value.group as number, token: value.token }
    : null;

/** A call, or what was said to it. `at`: ms, by the caller's device: which of her calls it is. `later`: seen, and nobody comes yet. */
export const readCall = (value: unknown): { at: number; over: boolean; later: boolean } | null =>
  isRecord(value) && Number.isSafeInteger(value.at) ? { at: value.at as number, over: value.over === true, later: value.later === true } : null;

/** How long she spoke, in ms. */
export const readTalk = (value: unknown): number | null => (isRecord(value) && Number.isFinite(value.ms) && (value.ms as number) >= 0 ? (value.ms as number) : null);

export const readSaid = (value: unknown): string | null =>
  isRecord(value) && typeof value.text === "string" && value.text.trim() !== "" && value.text.length <= CHAT_AT_MOST_LETTERS ? value.text.trim() : null;
