import { Icon } from "../../icon";
import type { Form } from "./rule";
import { answerWords } from "./words";

/** An answer as it is shown: a thumb with its drawing, all others in words alone. */
export function ShownAnswer({ form, answer }: { form: Form; answer: string }) {
  const thumb = form === "thumbs" && (answer === "up" || answer === "down");
  return (
    <>
      {thumb && <Icon name="react_like" class={`poll-sign ${answer}`} />}
      {answerWords(form, answer)}
    </>
  );
}
