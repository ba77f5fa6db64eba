import { t } from "../../i18n";
import { HandUp } from "../../ui/hand-up";
import { useCell } from "../../ui/use-cell";
import { nameIn } from "../name-in";
import type { ToolProps } from "../tool";
import { deskOf } from "./desk";
import { handSound, setHandSound } from "./hand-alert";
import { KINDS } from "./reactions";
import { Sign } from "./sign";
import { outOf, REMOVED } from "./steer-rules";

/** Raised hands, first raised first: call on one, lower one, lower all. */
export function HandPanel({ classroom }: ToolProps) {
  const out = outOf(useCell(classroom.steering.cell(REMOVED)));
  const hands = useCell(classroom.hands).filter((sub) => sub !== classroom.me && !out.has(sub));
  const tiles = useCell(classroom.tiles);
  const sound = useCell(handSound);
  const totals = useCell(deskOf(classroom).totals);
  const desk = deskOf(classroom);
  const nameOf = (sub: string): string => tiles.find((tile) => tile.sub === sub)?.name ?? nameIn(classroom, sub);
  return (
    <section class="hand-panel" aria-labelledby="hand-panel-title" data-testid="hand-panel">
      <div class="side-head">
        <h2 id="hand-panel-title">{t("steer_hands")}</h2>
        <button class="usa-button usa-button--unstyled" onClick={() => classroom.panel.set("")}>{t("close")}</button>
      </div>
      {hands.length === 0 && <p data-testid="no-hands">{t("steer_no_hands")}</p>}
      <ol>
        {hands.map((sub, index) => (
          <li key={sub} data-testid={`queue-${sub}`}>
            <span><HandUp place={index + 1} /> {nameOf(sub)}</span>
            <button class="usa-button small" data-testid={`call-on-${sub}`} aria-label={t("steer_call_on_name", { name: nameOf(sub) })} onClick={() => void desk.callOn(sub)}>{t("steer_call_on")}</button>
            <button class="usa-button usa-button--outline small" data-testid={`lower-${sub}`} aria-label={t("steer_lower_name", { name: nameOf(sub) })} onClick={() => void classroom.handTalk.lower([sub])}>{t("steer_lower")}</button>
          </li>
        ))}
      </ol>
      {hands.length > 1 && <button class="usa-button usa-button--outline" data-testid="lower-all" onClick={() => void classroom.handTalk.lower(hands)}>{t("steer_lower_all")}</button>}
      <label class="hand-sound">
        <input type="checkbox" data-testid="hand-sound" checked={sound} onChange={(event) => setHandSound(event.currentTarget.checked)} /> {t("steer_hand_sound")}
      </label>
      {totals.size > 0 && (
        <p class="reaction-totals" data-testid="reaction-totals">
          {KINDS.filter((kind) => totals.has(kind)).map((kind) => (
            <span key={kind} class="total" role="img" aria-label={`${t(`steer_react_${kind}`)}: ${totals.get(kind)}`}><Sign kind={kind} />{totals.get(kind)}</span>
          ))}
        </p>
      )}
    </section>
  );
}
