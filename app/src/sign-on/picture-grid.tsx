import { useState } from "preact/hooks";
import { type Key, t } from "../i18n";
import { Alert } from "../ui/alert";
import { Picture, PICTURES } from "../ui/pictures";

const PICTURES_IN_PIN = 3;

/** The picture PIN: three taps, in order. */
export function PictureGrid(props: { trouble: string; busy: boolean; onDone: (pictures: string[]) => void }) {
  const [chosen, setChosen] = useState<string[]>([]);

  function tap(name: string): void {
    const next = [...chosen, name].slice(0, PICTURES_IN_PIN);
    setChosen(next);
    if (next.length === PICTURES_IN_PIN) props.onDone(next);
  }

  return (
    <div data-testid="pictures">
      <h1>{t("pictures_title")}</h1>
      {props.trouble && <Alert kind="error" testid="sign-on-error">{props.trouble}</Alert>}
      <p class="pin-chosen" aria-live="polite">
        {t("pictures_chosen", { count: chosen.length, of: PICTURES_IN_PIN })}
      </p>
      <div class="pictures">
        {PICTURES.map((name) => (
          <button
            key={name} type="button" class="picture" disabled={props.busy}
            data-testid={`picture-${name}`} onClick={() => tap(name)}
          >
            <Picture name={name} />
            <span>{t(`picture_${name}` as Key)}</span>
          </button>
        ))}
      </div>
      <button type="button" class="usa-button usa-button--outline" disabled={props.busy} onClick={() => setChosen([])}>
        {t("pictures_again")}
      </button>
    </div>
  );
}
