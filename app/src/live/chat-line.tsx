import { useState } from "preact/hooks";
import { t } from "../i18n";
import type { ChatMessage } from "./chat-log";
import { piecesOf } from "./chat-links";
import type { Waiting } from "./chat-outbox";
import type { Talk } from "./chat-talk";
import type { Classroom } from "./classroom";
import { nameIn } from "./name-in";
import { ADULTS, CLASS } from "./messages";

/** One message: who, for whom, what; a grown-up can delete it, after a second tap. */
export function ChatLine({ message, classroom, links }: { message: ChatMessage; classroom: Classroom; links: boolean }) {
  const [sure, setSure] = useState(false);
  const [failed, setFailed] = useState(false);
  const name = nameIn(classroom, message.sub);
  const group = classroom.talk.saidIn.get(message.id) ?? 0;
  const remove = (): void => {
    if (!sure) return setSure(true);
    classroom.talk.delete(message.id).then(() => setFailed(false), () => setFailed(true));
  };
  return (
    <li data-testid="chat-message" data-to={message.to} data-id={message.id}>
      <strong>{name}</strong>
      {group > 0 && <span class="chat-to" data-testid="chat-group">{t("groups_name", { number: group })}</span>}
      {message.to !== CLASS && <span class="chat-to">{audience(classroom, message)}</span>}{" "}
      {links ? piecesOf(message.text).map((piece, index) => <ChatPiece key={index} {...piece} />) : message.text}
      {classroom.leads && (
        <button class="usa-button usa-button--unstyled chat-delete" data-testid="chat-delete" aria-label={t("chat_delete_of", { name })} onClick={remove} onBlur={() => setSure(false)}>
          {t(sure ? "chat_delete_sure" : "chat_delete")}
        </button>
      )}
      {failed && <span role="alert">{t("chat_delete_failed")}</span>}
    </li>
  );
}

function audience(classroom: Classroom, message: ChatMessage): string {
  if (message.to === ADULTS) return t(classroom.leads ? "chat_to_adults" : "chat_to_teacher");
  return message.to === classroom.me ? t("chat_to_you") : t("chat_to_one", { name: nameIn(classroom, message.to) });
}

function ChatPiece({ text, href, host }: { text: string; href?: string; host?: string }) {
  if (!href) return <>{text}</>;
  return <><a class="usa-link" href={href} target="_blank" rel="noopener noreferrer nofollow">{text}</a> ({host})</>;
}

/** An own word that has not come back yet: it is on its way, or why not and what to do. */
export function WaitingLine({ word, talk, name }: { word: Waiting; talk: Talk; name: string }) {
  const state = word.state === "refused" ? t(word.why === "off" ? "chat_refused_off" : "chat_refused") : t(word.state === "slow" ? "chat_slow" : "chat_sending");
  return (
    <li class="chat-waiting" data-testid="chat-waiting" data-state={word.state}>
      <strong>{name}</strong> {word.text} <em>{state}</em>
      {word.state !== "sending" && (
        <>
          {" "}
          <button class="usa-button usa-button--unstyled" data-testid="chat-again" onClick={() => talk.again(word.id)}>{t("try_again")}</button>{" "}
          <button class="usa-button usa-button--unstyled" data-testid="chat-forget" onClick={() => talk.forget(word.id)}>{t("chat_forget")}</button>
        </>
      )}
    </li>
  );
}
