import { t } from "../../../i18n";
import { Alert } from "../../../ui/alert";
import { useCell } from "../../../ui/use-cell";
import type { Classroom } from "../../classroom";
import { STAGE } from "../../steer/rules";
import type { ToolProps } from "../../tool";
import { boardDesk } from "./desk";
import { BOARD, PAGES_AT_MOST } from "./rule";
import { download, pngOf } from "./save";
import { BoardTools } from "./toolbar";
import { PAPER, useDrawing } from "./use-drawing";
import { WritersChoice } from "./writers";

/** The whiteboard, large for all: `item` is the page the teacher has chosen. */
export function BoardStage({ classroom, item }: ToolProps & { item: string }) {
  const page = item || "1";
  const board = useDrawing(classroom, page, PAPER);
  return (
    <section class="stage" aria-label={t("board")} data-testid="board-stage" data-page={page} data-count={board.count} data-may-write={board.mayWrite}>
      {board.failed && <Alert kind="warning">{t("board_not_loaded")}</Alert>}
      {!classroom.leads && board.mayWrite && <p class="stage-words" role="status">{t("board_you_may")}</p>}
      {board.mayWrite && <BoardTools classroom={classroom} board={board} page={page} />}
      <div class="board-paper" ref={board.place} style={{ "--paper": `${PAPER.width} / ${PAPER.height}`, "--ratio": PAPER.width / PAPER.height }} data-testid="board-paper" />
      <p class="usa-sr-only" aria-live="polite">{board.drawing?.texts().join(". ")}</p>
      <div class="stage-foot">
        {classroom.leads && <Pages classroom={classroom} page={page} />}
        <button class="board-tool" data-testid="board-download" onClick={() => board.drawing && download(pngOf(board.drawing.png()), `board-${page}.png`)}>
          {t("board_download")}
        </button>
        {classroom.leads && (
          <button class="board-tool" data-testid="stage-close" onClick={() => void classroom.steering.set(STAGE, { what: "", item: "" })}>{t("stage_close")}</button>
        )}
      </div>
      {classroom.leads && <WritersChoice classroom={classroom} />}
    </section>
  );
}

function Pages({ classroom, page }: { classroom: Classroom; page: string }) {
  const { id, pages } = useCell(classroom.steering.cell(BOARD));
  const at = Number(page);
  const show = (to: number) => void classroom.steering.set(STAGE, { what: "board", item: String(to) });
  async function add(): Promise<void> {
    await classroom.steering.set(BOARD, { id, pages: pages + 1 });
    show(pages + 1);
  }
  return (
    <>
      <button class="board-tool" disabled={at <= 1} onClick={() => show(at - 1)} data-testid="board-previous">{t("page_previous")}</button>
      <span data-testid="board-page">{t("page_of", { page: at, pages })}</span>
      <button class="board-tool" disabled={at >= pages} onClick={() => show(at + 1)} data-testid="board-next">{t("page_next")}</button>
      <button class="board-tool" disabled={pages >= PAGES_AT_MOST} onClick={() => void add()} data-testid="board-add">{t("page_new")}</button>
      <button class="board-tool" onClick={() => boardDesk(classroom).act(page, { do: "clear" })} data-testid="board-clear">{t("board_clear")}</button>
    </>
  );
}
