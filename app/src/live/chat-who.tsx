import type { ChatPolicy } from "../contracts";
import { t } from "../i18n";
import { useCell } from "../ui/use-cell";
import type { Classroom } from "./classroom";
import { ADULTS, type Audience, CLASS } from "./messages";
import { CHAT, FROZEN } from "./steer/rules";

const POLICIES: readonly ChatPolicy[] = ["class", "teacher", "off"];
const WORDS = { class: "chat_choose_class", teacher: "chat_choose_teacher", off: "chat_choose_off" } as const;

/** Who may write to whom: of a grown-up one tap to change it, and for whom her next word is; a student reads it, and may choose her teachers. */
export function ChatWho(props: { classroom: Classroom; policy: ChatPolicy; to: Audience; onTo: (to: Audience) => void }) {
  const { classroom, policy, to, onTo } = props;
  const frozen = useCell(classroom.steering.cell(FROZEN));
  const tiles = useCell(classroom.tiles);
  const students = tiles.filter((tile) => tile.role === "student" && !tile.self);
  if (!classroom.leads) {
    if (policy !== "class") return <p class="chat-policy" data-testid="chat-policy">{t(policy === "off" ? "chat_policy_off" : "chat_policy_teacher")}</p>;
    return (
      <label class="chat-policy">
        {t("chat_for")}{" "}
        <select class="usa-select" value={to} data-testid="chat-to" onChange={(event) => onTo(event.currentTarget.value)}>
          <option value={CLASS}>{t("chat_for_class")}</option>
          <option value={ADULTS}>{t("chat_for_teacher")}</option>
        </select>
      </label>
    );
  }
  return (
    <>
      <fieldset class="chat-policies" data-testid="chat-policies">
        <legend>{t(frozen ? "chat_frozen" : "chat_students_write")}</legend>
        {POLICIES.map((one) => (
          <button
            key={one} type="button" class="usa-button usa-button--outline" aria-pressed={policy === one} disabled={frozen} data-testid={`chat-policy-${one}`}
            onClick={() => void classroom.steering.set(CHAT, one)}
          >
            {t(WORDS[one])}
          </button>
        ))}
      </fieldset>
      <label class="chat-policy">
        {t("chat_for")}{" "}
        <select class="usa-select" value={to} data-testid="chat-to" onChange={(event) => onTo(event.currentTarget.value)}>
          <option value={CLASS}>{t("chat_for_class")}</option>
          <option value={ADULTS}>{t("chat_for_adults")}</option>
          {students.map((tile) => <option key={tile.sub} value={tile.sub}>{t("chat_for_one", { name: tile.name })}</option>)}
        </select>
      </label>
      {to !== CLASS && to !== ADULTS && <p class="chat-policy" data-testid="chat-others-read">{t("chat_others_read")}</p>}
    </>
  );
}
