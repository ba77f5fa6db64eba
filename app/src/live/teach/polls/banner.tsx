import { useState } from "preact/hooks";
import { t } from "../../../i18n";
import { useCell } from "../../../ui/use-cell";
import type { Classroom } from "../../classroom";
import type { ToolProps } from "../../tool";
import { Bars } from "./bars";
import { pollDesk } from "./desk";
import { ANSWER_AT_MOST_LETTERS, choicesOf, type Poll } from "./rule";
import { ShownAnswer } from "./shown-answer";
import { answerWords } from "./words";

/** The question of the class: a student answers here; everybody sees what is shown of it. */
export function PollBanner({ classroom }: ToolProps) {
  const poll = useCell(pollDesk(classroom).rule);
  if (!poll.id || classroom.leads) return null;
  return (
    <section class="poll-banner" aria-label={t("poll")} data-testid="poll" data-state={poll.state}>
      <p class="poll-question" role="status">{poll.question || t("poll_question_none")}</p>
      {poll.state === "open" && <Answer classroom={classroom} poll={poll} key={poll.id} />}
      {poll.state === "closed" && !poll.result && <p>{t("poll_closed")}</p>}
      {poll.result && <Bars form={poll.form} result={poll.result} testid="poll-result" />}
    </section>
  );
}

function Answer({ classroom, poll }: { classroom: Classroom; poll: Poll }) {
  const desk = pollDesk(classroom);
  const held = useCell(desk.mine);
  const mine = held?.poll === poll.id ? held : null;
  const [typed, setTyped] = useState("");
  const choices = choicesOf(poll);
  function send(event: Event): void {
    event.preventDefault();
    desk.answer(typed);
  }
  return (
    <>
      <div class="poll-choices">
        {choices.map((choice) => (
          <button key={choice} class="poll-choice" aria-pressed={mine?.answer === choice} data-testid={`answer-${choice}`} onClick={() => desk.answer(choice)}>
            <ShownAnswer form={poll.form} answer={choice} />
          </button>
        ))}
        {choices.length === 0 && (
          <form onSubmit={send}>
            <input
              class="usa-input" value={typed} maxLength={ANSWER_AT_MOST_LETTERS} inputMode={poll.form === "number" ? "decimal" : "text"} autocomplete="off"
              aria-label={t("poll_your_answer")} placeholder={t("poll_your_answer")} onInput={(event) => setTyped(event.currentTarget.value)} data-testid="answer-typed"
            />
            <button class="usa-button" data-testid="answer-send">{t("send")}</button>
          </form>
        )}
      </div>
      <p class="poll-note">{poll.named ? t("poll_named") : t("poll_anonymous")}</p>
      {mine && (
        <p role="status" data-testid="answer-state" data-taken={mine.taken}>
          {mine.taken ? t("poll_taken", { answer: answerWords(poll.form, mine.answer) }) : t("poll_on_its_way")}
        </p>
      )}
    </>
  );
}
