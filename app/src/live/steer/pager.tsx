import { useEffect } from "preact/hooks";
import { t } from "../../i18n";
import { HandCount, withHands } from "../hand-count";

/**
 * The pages of the gallery: arrows on the screen and on the keyboard. Nothing when there is one page. An arrow says how
 * many hands are up on the pages it leads to.
 */
export function Pager(props: { page: number; pages: number; handsBefore: number; handsAfter: number; go: (to: number) => void }) {
  const { page, pages, go } = props;
  useEffect(() => {
    if (pages < 2) return;
    const key = (event: KeyboardEvent): void => {
      // Where arrows mean something already they are left alone: in a text, a chooser, a drawing, a dialog.
      if (event.target instanceof Element && event.target.closest("input, textarea, select, canvas, dialog, [contenteditable], [role=slider]")) return;
      if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      if (event.key === "ArrowRight" || event.key === "PageDown") go(page + 1);
      else if (event.key === "ArrowLeft" || event.key === "PageUp") go(page - 1);
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", key);
    return () => document.removeEventListener("keydown", key);
  }, [page, pages]);
  if (pages < 2) return null;
  return (
    <nav class="pager" aria-label={t("steer_pages")}>
      <button disabled={page === 0} onClick={() => go(page - 1)} aria-label={withHands(t("steer_page_before"), props.handsBefore)} data-testid="page-before">‹<HandCount count={props.handsBefore} /></button>
      <span role="status" data-testid="page-number">{t("steer_page", { page: page + 1, pages })}</span>
      <button disabled={page === pages - 1} onClick={() => go(page + 1)} aria-label={withHands(t("steer_page_next"), props.handsAfter)} data-testid="page-next"><HandCount count={props.handsAfter} />›</button>
    </nav>
  );
}
