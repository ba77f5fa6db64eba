import { RoomEvent, Track } from "livekit-client";
import { Cell } from "../../lib/cell";
import type { Classroom } from "../classroom";
import { withoutPictures } from "../follow/saver";

/** Whose pictures are on the page now; null: not known yet, all are received. One class is open at a time. */
export const onPage = new Cell<ReadonlySet<string> | null>(null);
/** Receive only the pictures that are on the page: of the others no byte flows. Returns how to stop. */
export function receivePage(classroom: Classroom): () => void {
  const { room } = classroom;
  function look(): void {
    if (withoutPictures.value) return; // the data saver says which pictures come then
    const shown = onPage.value;
    for (const one of room.remoteParticipants.values()) {
      const camera = one.getTrackPublication(Track.Source.Camera);
      const wanted = shown === null || shown.has(one.identity);
      if (camera && camera.isDesired !== wanted) camera.setSubscribed(wanted);
    }
  }
  const stops = [onPage.watch(look), withoutPictures.watch(look)];
  for (const event of EVENTS) room.on(event, look);
  return () => {
    for (const event of EVENTS) room.off(event, look);
    for (const stop of stops) stop();
    onPage.set(null);
  };
}

const EVENTS = [RoomEvent.TrackPublished, RoomEvent.TrackSubscribed, RoomEvent.ParticipantConnected, RoomEvent.Connected, RoomEvent.Reconnected] as const;
