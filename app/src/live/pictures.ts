import { RoomEvent, Track } from "livekit-client";
import { Cell } from "../lib/cell";
import { personOf } from "../lib/ids";
import type { Classroom } from "./classroom";

/** Whose pictures are on the page now, by identity; null: not known yet, all are received. One class is open at a time. */
export const onPage = new Cell<ReadonlySet<string> | null>(null);
/** The data saver is on: only these persons' pictures come; null: it is off. */
export const onlyOf = new Cell<ReadonlySet<string> | null>(null);

/** Whether a camera's picture is received here: it is on the page, and the data saver lets it through. */
export const isWanted = (identity: string, page: ReadonlySet<string> | null, only: ReadonlySet<string> | null): boolean =>
  only === null ? page === null || page.has(identity) : only.has(personOf(identity));

/** The one place that decides which cameras' pictures this device receives: of the others no byte flows. Returns how to stop. */
export function receivePictures(classroom: Classroom): () => void {
  const { room } = classroom;
  function look(): void {
    for (const one of room.remoteParticipants.values()) {
      const camera = one.getTrackPublication(Track.Source.Camera);
      const wanted = isWanted(one.identity, onPage.value, onlyOf.value);
      if (camera && camera.isDesired !== wanted) camera.setSubscribed(wanted);
    }
  }
  const stops = [onPage.watch(look), onlyOf.watch(look)];
  for (const event of EVENTS) room.on(event, look);
  return () => {
    for (const event of EVENTS) room.off(event, look);
    for (const stop of stops) stop();
    onPage.set(null);
  };
}

const EVENTS = [RoomEvent.TrackPublished, RoomEvent.TrackSubscribed, RoomEvent.ParticipantConnected, RoomEvent.Connected, RoomEvent.Reconnected] as const;
