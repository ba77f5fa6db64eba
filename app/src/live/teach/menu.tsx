import { t } from "../../i18n";
import { isPractice } from "../../plan/practice";
import { useCell } from "../../ui/use-cell";
import { BarButton } from "../bar-button";
import { Icon } from "../icon";
import type { Tool, ToolProps } from "../tool";
import { TeachPanel } from "./panel";

const ENTRIES = [
  { panel: "board", word: "board", hint: "board_hint" },
  { panel: "slides", word: "slides", hint: "slides_hint" },
  { panel: "screen", word: "share_screen", hint: "share_hint" },
  { panel: "polls", word: "poll", hint: "poll_hint" },
  { panel: "timer", word: "timer", hint: "timer_hint" },
  { panel: "links", word: "links", hint: "links_hint" },
  { panel: "own_notes", word: "own_notes", hint: "own_notes_menu_hint" },
] as const;

/** Everything to teach with, behind one button. */
function Panel({ classroom, sitting }: ToolProps) {
  // Her notes are kept with a lesson, and a practice class is none.
  const entries = ENTRIES.filter((one) => one.panel !== "own_notes" || !isPractice(sitting.id));
  return (
    <TeachPanel classroom={classroom} title={t("teach")}>
      <ul class="teach-menu">
        {entries.map((one) => (
          <li key={one.panel}>
            <button data-testid={`teach-${one.panel}`} onClick={() => classroom.panel.set(one.panel)}>
              <Icon name={one.panel} class="teach-icon" />
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
