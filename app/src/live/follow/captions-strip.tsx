import { t } from "../../i18n";
import { LANGUAGES } from "../../i18n/languages";
import { useCell } from "../../ui/use-cell";
import { useNow } from "../../ui/use-now";
import { nameIn } from "../chat-line";
import type { Classroom } from "../classroom";
import { CAPTIONS, SHOWN_MS } from "./caption";
import type { Captions } from "./captions";
import { CAPTIONS_SHOWN, CAPTIONS_SIZE } from "./kept-choices";

const LINES = 2;

export const languageName = (code: string): string => LANGUAGES.find(([one]) => one === code)?.[1] ?? code;

/** What is being said, large, in a place of its own above the pictures: it covers no face. Screen readers leave it: the voice is there. */
export function CaptionsStrip({ classroom, captions }: { classroom: Classroom; captions: Captions }) {
  const on = useCell(classroom.steering.cell(CAPTIONS));
  const shown = useCell(CAPTIONS_SHOWN.cell) === "shown";
  const size = useCell(CAPTIONS_SIZE.cell);
  const lines = useCell(captions.log.lines);
  const hearing = useCell(captions.recogniser.state);
  useNow();
  if (!on) return null;
  const hide = (
    <button class="usa-button usa-button--unstyled" data-testid="captions-toggle" aria-expanded={shown} onClick={() => CAPTIONS_SHOWN.set(shown ? "hidden" : "shown")}>
      {t(shown ? "captions_hide" : "captions_show")}
    </button>
  );
  if (!shown) return <div class="captions hidden-captions">{hide}</div>;
  const recent = lines.filter((one) => performance.now() - one.atMs < SHOWN_MS).slice(-LINES);
  return (
    <section class={`captions ${size}`} aria-label={t("captions")} aria-live="off" data-testid="captions">
      {recent.length === 0 && <p class="waits">{t("captions_wait")}</p>}
      {recent.map((one) => (
        <p key={`${one.sub}${one.id}`} data-testid="caption" data-final={one.final}>
          <strong>{nameIn(classroom, one.sub)}</strong> <span class="lang">{languageName(one.lang)}</span> <span lang={one.lang}>{one.text}</span>
        </p>
      ))}
      {classroom.leads && hearing !== "on" && hearing !== "off" && <p class="waits" data-testid="captions-why">{t(WHY[hearing])}</p>}
      {hide}
    </section>
  );
}

const WHY = { none: "captions_no_engine", language: "captions_no_language", refused: "captions_refused" } as const;
