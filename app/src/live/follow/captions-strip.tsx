import { t } from "../../i18n";
import { LANGUAGES } from "../../i18n/languages";
import { useCell } from "../../ui/use-cell";
import { useNow } from "../../ui/use-now";
import { nameIn } from "../name-in";
import type { Classroom } from "../classroom";
import { CAPTIONS, SHOWN_MS } from "./caption";
import type { Captions } from "./captions";
import type { AgentState } from "./captions-agent";
import { CAPTIONS_SHOWN, CAPTIONS_SIZE } from "./kept-choices";
import type { Hearing } from "./recogniser";

const LINES = 2;

export const languageName = (code: string): string => LANGUAGES.find(([one]) => one === code)?.[1] ?? code;

/** What is being said, large, in a place of its own above the pictures: it covers no face. Screen readers leave it: the voice is there. */
export function CaptionsStrip({ classroom, captions }: { classroom: Classroom; captions: Captions }) {
  const on = useCell(classroom.steering.cell(CAPTIONS));
  const shown = useCell(CAPTIONS_SHOWN.cell) === "shown";
  const size = useCell(CAPTIONS_SIZE.cell);
  const lines = useCell(captions.log.lines);
  const hearing = useCell(captions.recogniser.state);
  const agent = useCell(captions.agent.state);
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
      {classroom.leads && why(hearing, agent) && <p class="waits" data-testid="captions-why" data-agent={agent}>{t(why(hearing, agent)!)}</p>}
      {hide}
    </section>
  );
}

const WHY = { none: "captions_no_engine", language: "captions_no_language", refused: "captions_refused" } as const;
const WHY_NO_AGENT = { coming: "captions_coming", busy: "captions_busy", language: "captions_no_language", none: "captions_no_engine" } as const;

/** Why nobody writes what this grown-up says; nothing when somebody does. */
function why(hearing: Hearing, agent: AgentState): (typeof WHY)[keyof typeof WHY] | (typeof WHY_NO_AGENT)[keyof typeof WHY_NO_AGENT] | null {
  if (agent === "on" || hearing === "on") return null;
  if (agent !== "off") return WHY_NO_AGENT[agent];
  return hearing === "off" ? null : WHY[hearing];
}
