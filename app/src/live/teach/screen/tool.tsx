import { RoomEvent } from "livekit-client";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../../i18n";
import { useCell } from "../../../ui/use-cell";
import type { Classroom } from "../../classroom";
import { FROZEN } from "../../steer/rules";
import type { MenuProps, Tool, ToolProps } from "../../tool";
import { TeachPanel } from "../panel";
import { SHARERS } from "./rule";
import { hintKept, share, sharesSound, stopSharing } from "./share";

const EVENTS = [RoomEvent.LocalTrackPublished, RoomEvent.LocalTrackUnpublished] as const;

function useSharing(classroom: Classroom): boolean {
  const [, again] = useState({});
  useEffect(() => {
    const look = () => again({});
    for (const event of EVENTS) classroom.room.on(event, look);
    return () => {
      for (const event of EVENTS) classroom.room.off(event, look);
    };
  }, []);
  return classroom.room.localParticipant.isScreenShareEnabled;
}

const HINTS = [["text", "share_text"], ["motion", "share_motion"]] as const;

/** Closing the browser's chooser is no failure; the button is there again. */
const start = (classroom: Classroom, hint = hintKept()): void => void share(classroom, hint).catch(() => undefined);

/** "You are showing your screen", as long as one does; to a student with leave, how to. */
function Banner({ classroom }: ToolProps) {
  const sharing = useSharing(classroom);
  const frozen = useCell(classroom.steering.cell(FROZEN));
  const may = useCell(classroom.steering.cell(SHARERS)).includes(classroom.me) && !classroom.leads && !frozen;
  useEffect(() => {
    // The teacher took her leave back: at once, also before the live server says so.
    if (!may && !classroom.leads && sharing) void stopSharing(classroom);
  }, [may, sharing]);
  if (sharing)
    return (
      <div class="share-banner" role="status" data-testid="sharing" data-sound={sharesSound(classroom)}>
        <strong>{t("share_on")}</strong>
        <span>{sharesSound(classroom) ? t("share_with_sound") : t("share_without_sound")}</span>
        <button class="usa-button usa-button--secondary" data-testid="share-end" onClick={() => void stopSharing(classroom)}>{t("share_stop")}</button>
      </div>
    );
  if (!may) return null;
  return (
    <div class="share-banner" role="status" data-testid="share-leave">
      <strong>{t("share_you_may")}</strong>
      <button class="usa-button" data-testid="share-mine" onClick={() => start(classroom)}>{t("share_screen")}</button>
    </div>
  );
}

function Menu({ classroom, close }: MenuProps) {
  const sharing = useSharing(classroom);
  if (!classroom.leads) return null;
  return (
    <button
      class="usa-button usa-button--outline" data-testid="share-screen"
      onClick={() => {
        close();
        if (sharing) void stopSharing(classroom);
        else start(classroom);
      }}
    >
      {sharing ? t("share_stop") : t("share_screen")}
    </button>
  );
}

function Panel({ classroom }: ToolProps) {
  const sharing = useSharing(classroom);
  const [hint, setHint] = useState(hintKept());
  const rule = classroom.steering.cell(SHARERS);
  const sharers = useCell(rule);
  const students = useCell(classroom.tiles).filter((tile) => tile.role === "student");
  const toggle = (sub: string) =>
    void classroom.steering.set(SHARERS, sharers.includes(sub) ? sharers.filter((one) => one !== sub) : [...sharers, sub].slice(-8));
  return (
    <TeachPanel classroom={classroom} title={t("share_screen")}>
      <fieldset class="teach-fieldset">
        <legend>{t("share_what")}</legend>
        {HINTS.map(([one, word]) => (
          <label key={one}><input type="radio" name="hint" checked={hint === one} onChange={() => setHint(one)} data-testid={`hint-${one}`} /> {t(word)}</label>
        ))}
      </fieldset>
      <p>{t("share_sound_hint")}</p>
      <button class="usa-button" data-testid="share-start" onClick={() => (sharing ? void stopSharing(classroom) : start(classroom, hint))}>{sharing ? t("share_stop") : t("share_screen")}</button>
      <fieldset class="teach-fieldset">
        <legend>{t("share_students")}</legend>
        {students.length === 0 && <p>{t("heard_nobody_here")}</p>}
        {students.map((tile) => (
          <label key={tile.sub}><input type="checkbox" checked={sharers.includes(tile.sub)} onChange={() => toggle(tile.sub)} data-testid={`sharer-${tile.sub}`} /> {tile.name}</label>
        ))}
      </fieldset>
    </TeachPanel>
  );
}

/** A screen, a window or a tab for all to see and hear. */
export const screenTool: Tool = { id: "screen", Banner, Menu, menuGroup: "lesson", Panel };
