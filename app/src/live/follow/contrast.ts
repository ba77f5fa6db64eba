import { CONTRAST } from "./kept-choices";

/** Put the person's own contrast on the page, in class and as long as it is open. Returns how to stop. */
export function showContrast(): () => void {
  const show = (): void => {
    document.documentElement.dataset.contrast = CONTRAST.cell.value;
  };
  show();
  const stop = CONTRAST.cell.watch(show);
  return () => {
    stop();
    delete document.documentElement.dataset.contrast;
  };
}
