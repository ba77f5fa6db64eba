import { type Key, t } from "../i18n";
import { codeOf } from "../lib/trouble";

/** The contract's codes that a person can do something about; all others get one calm sentence. */
const SENTENCES: Record<string, Key> = {
  wrong_password: "e_wrong_password",
  wait: "e_wait",
  busy: "e_busy",
  line: "e_line",
  slow: "e_slow",
  stranger: "e_slow",
  no_door: "e_slow",
  bad_badge: "e_bad_badge",
  wrong_pictures: "e_wrong_pictures",
  bad_code: "e_bad_code",
  code_used: "e_code_used",
  not_your_class: "e_not_your_class",
  removed: "e_removed",
  unknown_meeting: "e_unknown_meeting",
  pass_over: "e_pass_over",
  bad_pass: "e_pass_over",
  revoked: "e_pass_over",
  bad_proof: "e_pass_over",
  session_over: "e_session_over",
  not_signed_on: "e_session_over",
};

export const sentence = (error: unknown): string => t(SENTENCES[codeOf(error)] ?? "e_failed");
