import { useEffect, useState } from "preact/hooks";
import { type Key, t } from "../../i18n";
import { isRecord } from "../../lib/request";
import { isPractice } from "../../plan/practice";
import type { Tool, ToolProps } from "../tool";

const TOPIC = "practice";
const KEPT = 3;
const IDEA_EVERY_MS = 45_000;
const DOES = ["come", "hand", "hand_down", "chat", "lost", "back", "help", "camera_off", "camera_on", "speak"] as const;
const SAYS: Record<(typeof DOES)[number], Key> = {
  come: "practice_came", hand: "practice_hand", hand_down: "practice_hand_down", chat: "practice_chat", lost: "practice_lost",
  back: "practice_back", help: "practice_help", camera_off: "practice_camera_off", camera_on: "practice_camera_on", speak: "practice_speaks",
};
const IDEAS: Key[] = ["practice_idea_hand", "practice_idea_mute", "practice_idea_freeze", "practice_idea_lost", "practice_idea_alike"];

interface Line {
  key: Key;
  name: string;
}

/** In a practice class: what the invented students are up to, and what one may try. */
function Note({ classroom }: ToolProps) {
  const [lines, setLines] = useState<Line[]>([]);
  const [idea, setIdea] = useState(0);
  useEffect(() => {
    const stop = classroom.wire.on(TOPIC, (value) => {
      const line = readNote(value, (sub) => classroom.members.find((one) => one.id === sub)?.name);
      if (line) setLines((held) => [line, ...held].slice(0, KEPT));
    });
    const timer = setInterval(() => setIdea((held) => (held + 1) % IDEAS.length), IDEA_EVERY_MS);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, []);
  return (
    <section class="practice-note" aria-label={t("practice_note")} data-testid="practice-note">
      <p><strong>{t("practice_all_invented")}</strong> {t(IDEAS[idea]!)}</p>
      <ul aria-live="off">
        {lines.map((line, index) => <li key={`${lines.length}-${index}`} data-testid="practice-line">{t(line.key, { name: line.name })}</li>)}
      </ul>
    </section>
  );
}

/** Return what a note says, when it is of our form and of somebody in this class. */
export function readNote(value: unknown, nameOf: (sub: string) => string | undefined): Line | null {
  if (!isRecord(value) || typeof value.sub !== "string") return null;
  const does = DOES.find((one) => one === value.does);
  const name = nameOf(value.sub);
  return does && name ? { key: SAYS[does], name } : null;
}

export const PRACTICE_TOOL: Tool = {
  id: "practice",
  Banner: (props) => (isPractice(props.sitting.id) ? <Note {...props} /> : null),
};
