import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n";
import { sentence } from "../ui/code-text";
import { type PushState, pushState, tellMe, tellNoMore } from "./push";

/** "Tell me on this device", and how to end it. Where the browser cannot, there is nothing. */
export function PushButton() {
  const [state, setState] = useState<PushState>("none");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<unknown>(null);
  useEffect(() => {
    const look = (): Promise<void> => pushState().then(setState, () => undefined);
    // At the very first visit the service worker is still on its way.
    void look().then(() => globalThis.navigator?.serviceWorker?.ready.then(look));
  }, []);

  async function run(act: () => Promise<PushState>): Promise<void> {
    setBusy(true);
    setTrouble(null);
    try {
      setState(await act());
    } catch (error) {
      setTrouble(error);
    }
    setBusy(false);
  }

  if (state === "none") return null;
  return (
    <div class="push" data-testid="push" data-state={state}>
      {state === "off" && (
        <button class="usa-button usa-button--unstyled" disabled={busy} data-testid="push-on" onClick={() => void run(tellMe)}>{t("push_on")}</button>
      )}
      {state === "on" && (
        <>
          <span>{t("push_is_on")} <span aria-hidden="true">✓</span></span>{" "}
          <button class="usa-button usa-button--unstyled" disabled={busy} data-testid="push-off" onClick={() => void run(() => tellNoMore().then(() => "off" as const))}>
            {t("push_off")}
          </button>
        </>
      )}
      {state === "barred" && <span class="quiet">{t("push_barred")}</span>}
      {trouble !== null && <p role="alert">{sentence(trouble)}</p>}
    </div>
  );
}
