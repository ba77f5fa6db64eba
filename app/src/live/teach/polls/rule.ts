import { isRecord } from "../../../lib/request";
import type { Rule } from "../../steer/steering";

export const FORMS = ["yes_no", "abcd", "thumbs", "word", "number", "own"] as const;
export type Form = (typeof FORMS)[number];
export const OPTIONS_AT_MOST = 6;
export const QUESTION_AT_MOST_LETTERS = 300;
export const ANSWER_AT_MOST_LETTERS = 60;
const RESULT_AT_MOST = 40;

/** One question to the class. `named`: grown-ups see who answered what; classmates never do. */
export interface Poll {
  id: string;
  form: Form;
  question: string;
  /** Of the form "own": its answers, as the teacher wrote them. */
  options: string[];
  named: boolean;
  state: "open" | "closed";
  /** What the class is shown; null: nothing yet. */
  result: { answer: string; count: number }[] | null;
}

export const NO_POLL: Poll = { id: "", form: "yes_no", question: "", options: [], named: true, state: "closed", result: null };

export const POLL: Rule<Poll> = { name: "poll", initial: NO_POLL, read: readPoll };

export function readPoll(value: unknown): Poll | null {
  if (!isRecord(value)) return null;
  const { id, question, options, named, result } = value;
  const form = FORMS.find((one) => one === value.form);
  const state = (["open", "closed"] as const).find((one) => one === value.state);
  if (typeof id !== "string" || id.length > 40 || typeof question !== "string" || question.length > QUESTION_AT_MOST_LETTERS) return null;
  if (!form || !state || typeof named !== "boolean" || !Array.isArray(options) || options.length > OPTIONS_AT_MOST) return null;
  if (!options.every((one) => typeof one === "string" && one.length <= ANSWER_AT_MOST_LETTERS)) return null;
  return { id, form, question, options: options as string[], named, state, result: readResult(result) };
}

function readResult(value: unknown): Poll["result"] {
  if (!Array.isArray(value)) return null;
  return value.slice(0, RESULT_AT_MOST).flatMap((one: unknown) =>
    isRecord(one) && typeof one.answer === "string" && typeof one.count === "number" ? [{ answer: one.answer.slice(0, ANSWER_AT_MOST_LETTERS), count: one.count }] : [],
  );
}

/** Return the answers one can choose from; empty: she types. */
export function choicesOf(poll: Pick<Poll, "form" | "options">): string[] {
  if (poll.form === "yes_no") return ["yes", "no"];
  if (poll.form === "abcd") return ["A", "B", "C", "D"];
  if (poll.form === "thumbs") return ["up", "down"];
  return poll.form === "own" ? poll.options : [];
}

/** Return an answer as it is counted, or null when it is none to this question. */
export function answerOf(poll: Pick<Poll, "form" | "options">, given: unknown): string | null {
  if (typeof given !== "string") return null;
  const text = given.trim().replace(/\s+/g, " ");
  if (text === "" || text.length > ANSWER_AT_MOST_LETTERS) return null;
  if (poll.form === "word") return text;
  if (poll.form === "number") {
    const number = Number(text.replace(",", "."));
    return Number.isFinite(number) ? String(number) : null;
  }
  return choicesOf(poll).includes(text) ? text : null;
}

/** Count answers: the choices in their order, also those nobody took; typed ones by how many gave them. */
export function count(poll: Pick<Poll, "form" | "options">, answers: readonly string[]): { answer: string; count: number }[] {
  const found = new Map(choicesOf(poll).map((choice) => [choice, { answer: choice, count: 0 }]));
  for (const answer of answers) {
    // "Cat" and "cat" are one word to a class.
    const key = poll.form === "word" ? answer.toLocaleLowerCase() : answer;
    const held = found.get(key) ?? { answer, count: 0 };
    found.set(key, { ...held, count: held.count + 1 });
  }
  const all = [...found.values()];
  return choicesOf(poll).length > 0 ? all : all.sort((one, other) => other.count - one.count || (one.answer < other.answer ? -1 : 1)).slice(0, RESULT_AT_MOST);
}
