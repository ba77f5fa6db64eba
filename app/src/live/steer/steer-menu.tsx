import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import { stopCameras } from "../moderate";
import type { MenuProps } from "../tool";
import { decide, lock } from "./decide";
import { deskOf } from "./desk";
import { KINDS, SIGN } from "./reactions";
import { CAMERAS, FROZEN, LOCKED, MICROPHONES } from "./rules";
import { REACTIONS, VIEW, type View } from "./steer-rules";
import { chooseView, useView } from "./use-view";

/** Reactions and the view for everybody; the rules of the class for its grown-ups. */
export function SteerMenu(props: MenuProps) {
  const { classroom, close } = props;
  const frozen = useCell(classroom.steering.cell(FROZEN));
  const reactions = useCell(classroom.steering.cell(REACTIONS));
  const view = useView(classroom);
  return (
    <>
      {(classroom.leads || (reactions && !frozen)) && (
        <div class="reactions" role="group" aria-label={t("steer_reactions")} data-testid="reactions">
          {KINDS.map((kind) => (
            <button
              key={kind} type="button" data-testid={`react-${kind}`} aria-label={t(`steer_react_${kind}`)} title={t(`steer_react_${kind}`)}
              onClick={() => {
                close();
                void deskOf(classroom).react(kind);
              }}
            >
              {SIGN[kind]}
            </button>
          ))}
        </div>
      )}
      <button
        class="usa-button usa-button--outline" data-testid="view"
        onClick={() => {
          chooseView(classroom, view === "gallery" ? "speaker" : "gallery");
          close();
        }}
      >
        {view === "gallery" ? t("steer_view_speaker") : t("steer_view_gallery")}
      </button>
      {classroom.leads && <Rules {...props} />}
    </>
  );
}

function Rules({ classroom, close }: MenuProps) {
  const { steering } = classroom;
  const microphones = useCell(steering.cell(MICROPHONES));
  const cameras = useCell(steering.cell(CAMERAS));
  const locked = useCell(steering.cell(LOCKED));
  const reactions = useCell(steering.cell(REACTIONS));
  const forAll = useCell(steering.cell(VIEW));
  const entry = (testid: string, label: string, act: () => Promise<unknown>) => (
    <button
      class="usa-button usa-button--outline" data-testid={testid}
      onClick={() => {
        close();
        void act();
      }}
    >
      {label}
    </button>
  );
  return (
    <>
      {entry("close-microphones", t(microphones === "open" ? "steer_microphones_close" : "steer_microphones_open"), () => decide(classroom, MICROPHONES, microphones === "open" ? "closed" : "open"))}
      {entry("stop-videos", t("steer_stop_videos"), () => stopCameras(classroom, "all_students"))}
      {entry("lock", t(locked ? "steer_unlock" : "steer_lock"), () => lock(classroom, !locked))}
      {entry("reactions-switch", t(reactions ? "steer_reactions_off" : "steer_reactions_on"), () => decide(classroom, REACTIONS, !reactions))}
      <label class="usa-label" for="cameras-rule">{t("steer_cameras")}</label>
      <select id="cameras-rule" class="usa-select" data-testid="cameras-rule" value={cameras} onChange={(event) => void decide(classroom, CAMERAS, event.currentTarget.value as typeof cameras)}>
        <option value="class">{t("steer_cameras_class")}</option>
        <option value="teacher">{t("steer_cameras_teacher")}</option>
        <option value="closed">{t("steer_cameras_closed")}</option>
      </select>
      <label class="usa-label" for="view-rule">{t("steer_view_all")}</label>
      <select id="view-rule" class="usa-select" data-testid="view-rule" value={forAll} onChange={(event) => void decide(classroom, VIEW, event.currentTarget.value as View | "")}>
        <option value="">{t("steer_view_own")}</option>
        <option value="gallery">{t("steer_view_gallery")}</option>
        <option value="speaker">{t("steer_view_speaker")}</option>
      </select>
    </>
  );
}
