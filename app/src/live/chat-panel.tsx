import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { useCell } from "../ui/use-cell";
import { ChatLine, WaitingLine } from "./chat-line";
import { followsLinks } from "./chat-policy";
import { sectionOf } from "./follow/section-of";
import { ChatWho } from "./chat-who";
import type { Classroom } from "./classroom";
import { ADULTS, type Audience, CHAT_AT_MOST_LETTERS, CLASS } from "./messages";

const SEND_EVERY_MS = 1_000;

/** The chat; each message is shown as plain text under a name from the class list, with whom it is for. */
export function ChatPanel({ classroom, section, quiet, onClose }: { classroom: Classroom; section: string; quiet: boolean; onClose: () => void }) {
  const { talk, leads, me } = classroom;
  const messages = useCell(classroom.chat);
  const waiting = useCell(talk.waiting);
  const policy = useCell(talk.policy);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<Audience>(CLASS);
  const [resting, setResting] = useState(false);
  const [failed, setFailed] = useState(false);
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => end.current?.scrollIntoView({ block: "nearest" }), [messages.length, waiting.length]);

  const off = !leads && (quiet || policy === "off");
  const to = !leads && policy === "teacher" ? ADULTS : chosen;
  const long = text.trim().length > CHAT_AT_MOST_LETTERS;
  const links = leads || followsLinks(sectionOf(section));

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    const words = text.trim();
    if (!words || long || resting || off) return;
    setResting(true);
    setTimeout(() => setResting(false), SEND_EVERY_MS);
    try {
      await talk.say(words, to);
      setText("");
      setFailed(false);
    } catch {
      setFailed(true); // her words stay in the field
    }
  }

  return (
    <section class="chat" aria-label={t("chat")} data-testid="chat-panel" data-policy={policy}>
      <div class="side-head">
        <h2>{t("chat")}</h2>
        <button class="usa-button usa-button--unstyled" data-testid="chat-close" onClick={onClose}>{t("close")}</button>
      </div>
      <ChatWho classroom={classroom} policy={policy} to={to} onTo={setChosen} />
      <ol tabIndex={0} aria-label={t("chat_messages")}>
        {messages.length === 0 && waiting.length === 0 && <li class="quiet">{t("chat_empty")}</li>}
        {messages.map((message) => (
          <ChatLine key={message.key} message={message} classroom={classroom} links={links} />
        ))}
        {waiting.map((one) => (
          <WaitingLine key={one.id} word={one} talk={talk} name={classroom.members.find((member) => member.id === me)?.name ?? classroom.myName} />
        ))}
        <li ref={end} aria-hidden="true" />
      </ol>
      {failed && <p role="alert">{t("chat_failed")}</p>}
      {long && <p role="alert" data-testid="chat-long">{t("chat_too_long", { most: CHAT_AT_MOST_LETTERS, now: text.trim().length })}</p>}
      <form onSubmit={(event) => void send(event)}>
        <input
          class="usa-input" value={text} placeholder={off ? t("adult_chat_rests") : placeholder(to, leads)} aria-label={placeholder(to, leads)} disabled={off}
          onInput={(event) => setText(event.currentTarget.value)} data-testid="chat-input" autocomplete="off"
        />
        <button class="usa-button" disabled={resting || off || long} data-testid="chat-send">{t("send")}</button>
      </form>
    </section>
  );
}

const placeholder = (to: Audience, leads: boolean): string =>
  to === CLASS ? t("chat_write") : to === ADULTS ? t(leads ? "chat_write_adults" : "chat_write_teacher") : t("chat_write_one");
