import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import { stopCameras } from "../moderate";
import type { MenuProps } from "../tool";
import { decide, lock } from "./decide";
import { deskOf } from "./desk";
import { KINDS } from "./reactions";
import { Sign } from "./sign";
import { CAMERAS, FROZEN, LOCKED, MICROPHONES } from "./rules";
import { REACTIONS, VIEW, type View } from "./steer-rules";
import { chooseView, useView } from "./use-view";

/** Reactions, and how she sees the class herself: for everybody. */
export function SteerMenu({ classroom, close }: MenuProps) {
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
              <Sign kind={kind} />
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
    </>
  );
}

/** What a grown-up sets for the class; freeze is in the bar. */
export function ClassRules({ classroom, close }: MenuProps) {
  const { steering } = classroom;
  const microphones = useCell(steering.cell(MICROPHONES));
  const locked = useCell(steering.cell(LOCKED));
  const reactions = useCell(steering.cell(REACTIONS));
  if (!classroom.leads) return null;
  return (
    <>
      <Entry testid="close-microphones" close={close} act={() => decide(classroom, MICROPHONES, microphones === "open" ? "closed" : "open")}>
        {t(microphones === "open" ? "steer_microphones_close" : "steer_microphones_open")}
      </Entry>
      <Entry testid="stop-videos" close={close} act={() => stopCameras(classroom, "all_students")}>{t("steer_stop_videos")}</Entry>
      <Entry testid="lock" close={close} act={() => lock(classroom, !locked)}>{t(locked ? "steer_unlock" : "steer_lock")}</Entry>
      <Entry testid="reactions-switch" close={close} act={() => decide(classroom, REACTIONS, !reactions)}>{t(reactions ? "steer_reactions_off" : "steer_reactions_on")}</Entry>
    </>
  );
}

/** Who sees the students' cameras, and how everybody sees the class. */
export function PictureRules({ classroom }: MenuProps) {
  const { steering } = classroom;
  const cameras = useCell(steering.cell(CAMERAS));
  const forAll = useCell(steering.cell(VIEW));
  if (!classroom.leads) return null;
  return (
    <>
      <div>
        <label class="usa-label" for="cameras-rule">{t("steer_cameras")}</label>
        <select id="cameras-rule" class="usa-select" data-testid="cameras-rule" value={cameras} onChange={(event) => void decide(classroom, CAMERAS, event.currentTarget.value as typeof cameras)}>
          <option value="class">{t("steer_cameras_class")}</option>
          <option value="teacher">{t("steer_cameras_teacher")}</option>
          <option value="closed">{t("steer_cameras_closed")}</option>
        </select>
      </div>
      <div>
        <label class="usa-label" for="view-rule">{t("steer_view_all")}</label>
        <select id="view-rule" class="usa-select" data-testid="view-rule" value={forAll} onChange={(event) => void decide(classroom, VIEW, event.currentTarget.value as View | "")}>
          <option value="">{t("steer_view_own")}</option>
          <option value="gallery">{t("steer_view_gallery")}</option>
          <option value="speaker">{t("steer_view_speaker")}</option>
        </select>
      </div>
    </>
  );
}

function Entry(props: { testid: string; close: () => void; act: () => Promise<unknown>; children: string }) {
  return (
    <button
      class="usa-button usa-button--outline" data-testid={props.testid}
      onClick={() => {
        props.close();
        void props.act();
      }}
    >
      {props.children}
    </button>
  );
}
