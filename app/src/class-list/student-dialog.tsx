import { t } from "../i18n";
import { Dialog } from "../ui/dialog";
import type { LiveActions } from "./class-list";
import type { RollRow } from "./roll-rows";

/** What a teacher can do with one student in class; taking her out stands last and is undone with one tap. */
export function StudentDialog({ row, actions, onClose }: { row: RollRow; actions: LiveActions; onClose: () => void }) {
  const { sub } = row;
  const entry = (testid: string, label: string, act: () => void, strong = false) => (
    <button
      class={`usa-button ${strong ? "usa-button--secondary" : "usa-button--outline"}`} data-testid={testid}
      onClick={() => {
        onClose();
        act();
      }}
    >
      {label}
    </button>
  );
  return (
    <Dialog title={row.name} onClose={onClose} testid="student-dialog">
      <div class="more">
        {row.live && entry("call-on", t("steer_call_on"), () => actions.callOn(sub))}
        {actions.hands.includes(sub) && entry("lower", t("steer_lower"), () => actions.lower(sub))}
        {actions.speakersOpen.has(sub) && entry("mute-one", t("mute"), () => actions.mute(sub))}
        {actions.microphonesClosed &&
          entry("let-speak", t(actions.maySpeak.has(sub) ? "steer_speak_no" : "steer_speak_yes"), () => actions.letSpeak(sub, !actions.maySpeak.has(sub)))}
        {actions.picturesOn.has(sub) && entry("stop-video", t("steer_stop_video"), () => actions.stopVideo(sub))}
        {actions.out.has(sub)
          ? entry("let-back", t("steer_let_back", { name: row.name }), () => actions.remove(sub, true))
          : entry("remove", t("steer_remove"), () => actions.remove(sub, false), true)}
        <button class="usa-button usa-button--outline" onClick={onClose}>{t("close")}</button>
      </div>
    </Dialog>
  );
}
