import { useState } from "preact/hooks";
import { t } from "../../../i18n";
import type { Classroom } from "../../classroom";
import { boardDesk } from "./desk";
import type { Board } from "./use-drawing";

const COLOURS = [
  { value: "#162e51", name: "board_blue" }, { value: "#1b1b1b", name: "board_black" }, { value: "#d83933", name: "board_red" },
  { value: "#008817", name: "board_green" }, { value: "#c2850c", name: "board_yellow" }, { value: "#783cb9", name: "board_purple" },
] as const;
const SIZES = [
  { value: 4, name: "board_thin" }, { value: 10, name: "board_thick" },
] as const;
const TEXT_AT_MOST_LETTERS = 120;

/** What one writes with: colours, two pens, a rubber, a line of text, undo. For whoever may write. */
export function BoardTools({ classroom, board, page }: { classroom: Classroom; board: Board; page: string }) {
  const [text, setText] = useState("");
  const { pen, setPen } = board;
  const desk = boardDesk(classroom);
  function write(event: Event): void {
    event.preventDefault();
    if (text.trim()) board.drawing?.write(text.trim());
    setText("");
  }
  return (
    <div class="board-tools" role="toolbar" aria-label={t("board_tools")} data-testid="board-tools">
      {COLOURS.map((one) => (
        <button
          key={one.value} class="board-colour" style={{ "--ink": one.value }} aria-label={t(one.name)} title={t(one.name)}
          aria-pressed={pen.tool === "pen" && pen.colour === one.value} onClick={() => setPen({ ...pen, tool: "pen", colour: one.value })}
        />
      ))}
      {SIZES.map((one) => (
        <button key={one.value} class="board-tool" aria-pressed={pen.tool === "pen" && pen.thickness === one.value} onClick={() => setPen({ ...pen, tool: "pen", thickness: one.value })}>
          <span class="board-dot" style={{ "--size": `${one.value * 2}px` }} aria-hidden="true" /> {t(one.name)}
        </button>
      ))}
      <button class="board-tool" aria-pressed={pen.tool === "eraser"} onClick={() => setPen({ ...pen, tool: "eraser" })} data-testid="board-eraser">{t("board_eraser")}</button>
      <button class="board-tool" onClick={() => desk.undo(page)} data-testid="board-undo">{t("board_undo")}</button>
      <form onSubmit={write}>
        <input
          class="usa-input" value={text} maxLength={TEXT_AT_MOST_LETTERS} aria-label={t("board_text")} placeholder={t("board_text")} autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)} data-testid="board-text"
        />
        <button class="board-tool" data-testid="board-write">{t("board_write")}</button>
      </form>
    </div>
  );
}
