import { isRecord } from "../../lib/request";
import type { Rule } from "./steering";

/** What everybody sees large. `what`: "" the people; else the id of the tool whose stage it is. */
export interface OnStage {
  what: string;
  /** Which of the tool's things: a board, a file. */
  item: string;
}

export const STAGE: Rule<OnStage> = {
  name: "stage",
  initial: { what: "", item: "" },
  read: (value) =>
    isRecord(value) && typeof value.what === "string" && typeof value.item === "string" ? { what: value.what, item: value.item } : null,
};

const oneOf =
  <T extends string>(...words: T[]) =>
  (value: unknown): T | null =>
    words.find((word) => word === value) ?? null;

const flag = (value: unknown): boolean | null => (typeof value === "boolean" ? value : null);

/** One tap: students' microphones, cameras and chat rest, and nobody new comes in to disturb. */
export const FROZEN: Rule<boolean> = { name: "frozen", initial: false, read: flag };
/** Nobody new comes in, but grown-ups and those who were in already. */
export const LOCKED: Rule<boolean> = { name: "locked", initial: false, read: flag };
/** "closed": students cannot open their microphones themselves. */
export const MICROPHONES: Rule<"open" | "closed"> = { name: "microphones", initial: "open", read: oneOf("open", "closed") };
/** "teacher": only grown-ups receive students' pictures; "closed": none is sent. */
export const CAMERAS: Rule<"class" | "teacher" | "closed"> = { name: "cameras", initial: "class", read: oneOf("class", "teacher", "closed") };
/** Whom students may write to. */
export const CHAT: Rule<"class" | "teacher" | "off" | ""> = { name: "chat", initial: "", read: oneOf("class", "teacher", "off", "") };
