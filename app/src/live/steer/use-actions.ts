import type { LiveActions } from "../../class-list/class-list";
import { useCell } from "../../ui/use-cell";
import type { Classroom } from "../classroom";
import { muteMicrophones, stopCameras } from "../moderate";
import type { Tile } from "../tiles";
import { letSpeak } from "./decide";
import { deskOf } from "./desk";
import { removeStudent } from "./removal";
import { MICROPHONES } from "./rules";
import { MAY_SPEAK, outOf, REMOVED } from "./steer-rules";

/** What the live class adds to the class list: who is where, and what a teacher can do about it. */
export function useActions(classroom: Classroom, tiles: readonly Tile[], hands: readonly string[]): LiveActions {
  const { steering } = classroom;
  const desk = deskOf(classroom);
  const away = useCell(desk.away);
  const groups = useCell(desk.groups);
  const closed = useCell(steering.cell(MICROPHONES)) === "closed";
  const maySpeak = new Set(useCell(steering.cell(MAY_SPEAK)));
  const out = outOf(useCell(steering.cell(REMOVED)));
  const others = tiles.filter((tile) => !tile.self);
  return {
    waiting: new Set(tiles.filter((tile) => tile.waits).map((tile) => tile.sub)),
    hands, away, groups, maySpeak, out, microphonesClosed: closed, seen: desk.seen,
    speakersOpen: new Set(others.filter((tile) => tile.microphone).map((tile) => tile.sub)),
    picturesOn: new Set(others.filter((tile) => tile.cameraOn).map((tile) => tile.sub)),
    mute: (sub) => void muteMicrophones(classroom, new Set([sub])),
    stopVideo: (sub) => void stopCameras(classroom, new Set([sub])),
    lower: (sub) => void classroom.handTalk.lower([sub]),
    callOn: (sub) => void desk.callOn(sub),
    letSpeak: (sub, on) => void letSpeak(classroom, sub, on),
    remove: (sub, back) => void removeStudent(classroom, sub, back),
  };
}
