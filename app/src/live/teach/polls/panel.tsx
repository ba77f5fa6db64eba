import { useState } from "preact/hooks";
import { t } from "../../../i18n";
import { useCell } from "../../../ui/use-cell";
import type { Classroom } from "../../classroom";
import { nameIn } from "../../name-in";
import type { ToolProps } from "../../tool";
import { TeachPanel } from "../panel";
import { Bars } from "./bars";
import { pollDesk } from "./desk";
import { type Form, FORMS, ANSWER_AT_MOST_LETTERS, OPTIONS_AT_MOST, type Poll, QUESTION_AT_MOST_LETTERS } from "./rule";
import { ShownAnswer } from "./shown-answer";

const FORM_WORDS = {
  yes_no: "poll_form_yes_no", abcd: "poll_form_abcd", thumbs: "poll_form_thumbs", word: "poll_form_word", number: "poll_form_number", own: "poll_form_own",
} as const satisfies Record<Form, string>;

/** Ask the class something, and see the answers come in. */
export function PollPanel({ classroom }: ToolProps) {
  const poll = useCell(pollDesk(classroom).rule);
  return (
    <TeachPanel classroom={classroom} title={t("poll")}>
      {poll.id ? <Running classroom={classroom} poll={poll} /> : <Ask classroom={classroom} />}
    </TeachPanel>
  );
}

function Ask({ classroom }: { classroom: Classroom }) {
  const [question, setQuestion] = useState("");
  const [form, setForm] = useState<Form>("yes_no");
  const [options, setOptions] = useState(["", ""]);
  const [named, setNamed] = useState(true);
  const given = [...new Set(options.map((one) => one.trim()).filter(Boolean))];
  const ready = form !== "own" || given.length >= 2;
  function ask(event: Event): void {
    event.preventDefault();
    if (ready) void pollDesk(classroom).ask({ form, question: question.trim(), options: form === "own" ? given : [], named });
  }
  const write = (at: number, text: string) => setOptions(options.map((one, index) => (index === at ? text : one)));
  return (
    <form onSubmit={ask}>
      <label class="usa-label" for="poll-question">{t("poll_question")}</label>
      <input id="poll-question" class="usa-input" value={question} maxLength={QUESTION_AT_MOST_LETTERS} onInput={(event) => setQuestion(event.currentTarget.value)} data-testid="poll-question" />
      <fieldset class="teach-fieldset">
        <legend>{t("poll_form")}</legend>
        {FORMS.map((one) => (
          <label key={one}><input type="radio" name="poll-form" checked={form === one} onChange={() => setForm(one)} data-testid={`poll-form-${one}`} /> {t(FORM_WORDS[one])}</label>
        ))}
      </fieldset>
      {form === "own" && (
        <fieldset class="teach-fieldset">
          <legend>{t("poll_options")}</legend>
          {options.map((one, at) => (
            <input key={at} class="usa-input" value={one} maxLength={ANSWER_AT_MOST_LETTERS} aria-label={t("poll_option", { number: at + 1 })} placeholder={t("poll_option", { number: at + 1 })} onInput={(event) => write(at, event.currentTarget.value)} data-testid={`poll-option-${at}`} />
          ))}
          {options.length < OPTIONS_AT_MOST && (
            <button type="button" class="usa-button usa-button--outline" onClick={() => setOptions([...options, ""])} data-testid="poll-option-add">{t("poll_option_add")}</button>
          )}
        </fieldset>
      )}
      <label class="teach-check"><input type="checkbox" checked={named} onChange={() => setNamed(!named)} data-testid="poll-named" /> {t("poll_named_choice")}</label>
      <button class="usa-button" disabled={!ready} data-testid="poll-ask">{t("poll_ask")}</button>
    </form>
  );
}

function Running({ classroom, poll }: { classroom: Classroom; poll: Poll }) {
  const desk = pollDesk(classroom);
  useCell(desk.changes);
  const students = useCell(classroom.tiles).filter((tile) => tile.role === "student").length;
  const answers = desk.ballots.answers(poll.id);
  return (
    <div data-testid="poll-running" data-state={poll.state} data-answers={answers.size}>
      <p class="poll-question">{poll.question || t("poll_question_none")}</p>
      <p role="status">{t("poll_answers", { count: answers.size, of: students })}</p>
      <Bars form={poll.form} result={desk.result()} testid="poll-live" />
      <div class="teach-choices">
        {poll.state === "open" && <button class="usa-button" data-testid="poll-close" onClick={() => void desk.close()}>{t("poll_close")}</button>}
        <button class="usa-button usa-button--outline" data-testid="poll-show" onClick={() => void desk.show(!poll.result)}>{poll.result ? t("poll_hide") : t("poll_show")}</button>
        <button class="usa-button usa-button--outline" data-testid="poll-away" onClick={() => void desk.putAway()}>{t("poll_away")}</button>
      </div>
      {poll.named ? (
        <ul class="plain" data-testid="poll-names">
          {[...answers].map(([sub, one]) => <li key={sub}><strong>{nameIn(classroom, sub)}</strong> <ShownAnswer form={poll.form} answer={one.answer} /></li>)}
        </ul>
      ) : (
        <p class="poll-note">{t("poll_anonymous_teacher")}</p>
      )}
    </div>
  );
}
