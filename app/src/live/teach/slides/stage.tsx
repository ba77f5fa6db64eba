import { useEffect, useState } from "preact/hooks";
import { t } from "../../../i18n";
import { useCell } from "../../../ui/use-cell";
import { BOARD } from "../board/rule";
import { BoardTools } from "../board/toolbar";
import { useDrawing } from "../board/use-drawing";
import { WritersChoice } from "../board/writers";
import { boardDesk } from "../board/desk";
import type { Classroom } from "../../classroom";
import { STAGE } from "../../steer/rules";
import type { ToolProps } from "../../tool";
import { slidesDesk } from "./desk";
import { pointer } from "./pointer";
import type { Slide } from "./rule";
import { Thumbnails } from "./thumbnails";

/** The slides, large for all. A student may look back alone, and returns with one tap. */
export function SlidesStage({ classroom, item }: ToolProps & { item: string }) {
  const desk = slidesDesk(classroom);
  useCell(desk.changes);
  const { title, pages } = useCell(desk.rule);
  const shown = Number(item) || 1;
  const [alone, setAlone] = useState<number | null>(null);
  const [drawing, setDrawing] = useState(false);
  const page = alone ?? shown;
  const slide = desk.slide(page);
  const go = (to: number) => (classroom.leads ? void desk.show(to) : setAlone(to === shown ? null : to));
  const near = (step: number): number | null => {
    if (classroom.leads) return page + step >= 1 && page + step <= pages ? page + step : null;
    const known = desk.known;
    return (step > 0 ? known.find((one) => one > page) : known.findLast((one) => one < page)) ?? null;
  };
  function onKey(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (target.closest("input, textarea, select")) return;
    const to = NEXT.has(event.key) ? near(1) : PREVIOUS.has(event.key) ? near(-1) : null;
    if (to === null) return;
    event.preventDefault();
    go(to);
  }
  return (
    <section class="stage" aria-label={t("slides")} data-testid="slides-stage" data-page={page} data-here={slide !== null} data-alone={alone !== null} tabIndex={0} onKeyDown={onKey}>
      {alone !== null && (
        <p class="stage-words">
          {t("slides_alone")} <button class="usa-button" data-testid="slides-return" onClick={() => setAlone(null)}>{t("slides_return")}</button>
        </p>
      )}
      {slide ? <Page key={`${slide.id}/${slide.page}`} classroom={classroom} slide={slide} ink={drawing || !classroom.leads} /> : <p class="stage-words" role="status">{t("slides_coming")}</p>}
      <p class="usa-sr-only" aria-live="polite" data-testid="slide-text">{t("page_of", { page, pages })}. {slide?.text}</p>
      <div class="stage-foot">
        <button class="board-tool" disabled={near(-1) === null} onClick={() => near(-1) !== null && go(near(-1)!)} data-testid="slides-previous">{t("page_previous")}</button>
        <span>{title} · {t("page_of", { page, pages })}</span>
        <button class="board-tool" disabled={near(1) === null} onClick={() => near(1) !== null && go(near(1)!)} data-testid="slides-next">{t("page_next")}</button>
        {classroom.leads && (
          <>
            <button class="board-tool" aria-pressed={drawing} data-testid="slides-draw" onClick={() => void draw(classroom).then(() => setDrawing(!drawing))}>{t("slides_draw")}</button>
            <button class="board-tool" data-testid="stage-close" onClick={() => void classroom.steering.set(STAGE, { what: "", item: "" })}>{t("stage_close")}</button>
          </>
        )}
      </div>
      {classroom.leads && drawing && <WritersChoice classroom={classroom} />}
      {desk.presents && <Thumbnails classroom={classroom} page={page} />}
    </section>
  );
}

const NEXT = new Set(["ArrowRight", "PageDown", " "]);
const PREVIOUS = new Set(["ArrowLeft", "PageUp"]);

/** What is drawn on slides lies on the board of the class, on pages of its own. */
async function draw(classroom: Classroom): Promise<void> {
  const board = classroom.steering.cell(BOARD);
  if (!board.value.id) await classroom.steering.set(BOARD, { id: `b${crypto.randomUUID().slice(0, 12)}`, pages: 1 });
}

function Page({ classroom, slide, ink }: { classroom: Classroom; slide: Slide; ink: boolean }) {
  const at = useCell(pointer(classroom).at);
  const [source, setSource] = useState("");
  const page = `${slide.id}/${slide.page}`;
  const { id } = useCell(classroom.steering.cell(BOARD));
  useCell(boardDesk(classroom).changes);
  const { mayWrite } = boardDesk(classroom);
  const drawn = boardDesk(classroom).log(id).visible(page).size > 0;
  useEffect(() => {
    const bytes = Uint8Array.from(atob(slide.picture), (letter) => letter.charCodeAt(0));
    const url = URL.createObjectURL(new Blob([bytes], { type: slide.media }));
    setSource(url);
    return () => URL.revokeObjectURL(url);
  }, [slide]);
  function onMove(event: PointerEvent): void {
    if (!classroom.leads || ink) return;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    pointer(classroom).point((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  }
  return (
    <div class="slide-frame" style={{ "--paper": `${slide.width} / ${slide.height}`, "--ratio": slide.width / slide.height }}>
      <div class="slide" onPointerMove={onMove} data-testid="slide">
        {source && <img src={source} alt={slide.text.slice(0, 300)} data-testid="slide-picture" />}
        {at && <span class="laser" style={{ left: `${at.x * 100}%`, top: `${at.y * 100}%` }} data-testid="laser" />}
      </div>
      {id && (drawn || (ink && mayWrite)) && <Ink classroom={classroom} slide={slide} page={page} writing={ink && mayWrite} />}
    </div>
  );
}

function Ink({ classroom, slide, page, writing }: { classroom: Classroom; slide: Slide; page: string; writing: boolean }) {
  const board = useDrawing(classroom, page, { width: slide.width, height: slide.height });
  return (
    <>
      <div class={`slide-ink ${writing ? "" : "only-seen"}`} ref={board.place} data-testid="slide-ink" data-count={board.count} />
      {writing && <BoardTools classroom={classroom} board={board} page={page} />}
    </>
  );
}
