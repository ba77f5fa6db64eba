import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import { BarButton } from "../bar-button";
import type { Tool, ToolProps } from "../tool";
import { TeachPanel } from "./panel";

const ENTRIES = [
  { panel: "board", icon: "✏️", word: "board", hint: "board_hint" },
  { panel: "slides", icon: "📄", word: "slides", hint: "slides_hint" },
  { panel: "screen", icon: "🖥️", word: "share_screen", hint: "share_hint" },
  { panel: "polls", icon: "❓", word: "poll", hint: "poll_hint" },
  { panel: "timer", icon: "⏲️", word: "timer", hint: "timer_hint" },
  { panel: "links", icon: "🔗", word: "links", hint: "links_hint" },
  { panel: "own_notes", icon: "📝", word: "own_notes", hint: "own_notes_menu_hint" },
] as const;

/** Everything to teach with, behind one button. */
function Panel({ classroom }: ToolProps) {
  return (
    <TeachPanel classroom={classroom} title={t("teach")}>
      <ul class="teach-menu">
        {ENTRIES.map((one) => (
          <li key={one.panel}>
            <button data-testid={`teach-${one.panel}`} onClick={() => classroom.panel.set(one.panel)}>
              <span class="teach-icon" aria-hidden="true">{one.icon}</span>
              <span><strong>{t(one.word)}</strong><br />{t(one.hint)}</span>
            </button>
          </li>
        ))}
      </ul>
    </TeachPanel>
  );
}

function Bar({ classroom }: ToolProps) {
  const open = useCell(classroom.panel);
  if (!classroom.leads) return null;
  const on = open === "teach" || ENTRIES.some((one) => one.panel === open);
  return <BarButton icon="teach" label={t("teach")} on={on} testid="teach" onClick={() => classroom.panel.set(on ? "" : "teach")} />;
}

export const teachTool: Tool = { id: "teach", Bar, Panel };
