import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { useCell } from "../ui/use-cell";
import type { Classroom } from "./classroom";
import { CHAT_AT_MOST_LETTERS } from "./messages";

const SEND_EVERY_MS = 1_000;

/** Messages to the whole class; each is shown as plain text under a name from the class list. */
export function ChatPanel({ classroom, quiet, onClose }: { classroom: Classroom; quiet: boolean; onClose: () => void }) {
  const messages = useCell(classroom.chat);
  const tiles = useCell(classroom.tiles);
  const [text, setText] = useState("");
  const [resting, setResting] = useState(false);
  const [failed, setFailed] = useState(false);
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => end.current?.scrollIntoView({ block: "nearest" }), [messages.length]);

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    const words = text.trim();
    if (!words || resting || quiet) return;
    setResting(true);
    setTimeout(() => setResting(false), SEND_EVERY_MS);
    try {
      await classroom.say(words);
      setText("");
      setFailed(false);
    } catch {
      setFailed(true);
    }
  }

  const nameOf = (sub: string): string => classroom.members.find((member) => member.id === sub)?.name ?? tiles.find((tile) => tile.sub === sub)?.name ?? t("someone");
  return (
    <section class="chat" aria-label={t("chat")} data-testid="chat-panel">
      <div class="side-head">
        <h2>{t("chat")}</h2>
        <button class="usa-button usa-button--unstyled" onClick={onClose}>{t("close")}</button>
      </div>
      <ol aria-live="polite">
        {messages.length === 0 && <li class="quiet">{t("chat_empty")}</li>}
        {messages.map((message) => (
          <li key={message.key} data-testid="chat-message"><strong>{nameOf(message.sub)}</strong> {message.text}</li>
        ))}
        <li ref={end} aria-hidden="true" />
      </ol>
      {failed && <p role="alert">{t("chat_failed")}</p>}
      <form onSubmit={(event) => void send(event)}>
        <input
          class="usa-input" value={text} maxLength={CHAT_AT_MOST_LETTERS} placeholder={quiet ? t("adult_chat_rests") : t("chat_write")} aria-label={t("chat_write")} disabled={quiet}
          onInput={(event) => setText(event.currentTarget.value)} data-testid="chat-input" autocomplete="off"
        />
        <button class="usa-button" disabled={resting || quiet} data-testid="chat-send">{t("send")}</button>
      </form>
    </section>
  );
}
