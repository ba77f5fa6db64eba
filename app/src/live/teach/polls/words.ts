import { t } from "../../../i18n";
import type { Form } from "./rule";

const CHOICES = {
  yes: () => t("poll_yes"),
  no: () => t("poll_no"),
  up: () => t("poll_up"),
  down: () => t("poll_down"),
} as const;

/** An answer in the reader's language; what somebody wrote stays as it is. */
export const answerWords = (form: Form, answer: string): string =>
  (form === "yes_no" || form === "thumbs") && answer in CHOICES ? CHOICES[answer as keyof typeof CHOICES]() : answer;
