import { useEffect } from "preact/hooks";
import { t } from "../../i18n";

/** The pages of the gallery: arrows on the screen and on the keyboard. Nothing when there is one page. */
export function Pager({ page, pages, go }: { page: number; pages: number; go: (to: number) => void }) {
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
      <button disabled={page === 0} onClick={() => go(page - 1)} aria-label={t("steer_page_before")} data-testid="page-before">‹</button>
      <span role="status" data-testid="page-number">{t("steer_page", { page: page + 1, pages })}</span>
      <button disabled={page === pages - 1} onClick={() => go(page + 1)} aria-label={t("steer_page_next")} data-testid="page-next">›</button>
    </nav>
  );
}
