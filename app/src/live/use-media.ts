import { RoomEvent } from "livekit-client";
import { useEffect, useState } from "preact/hooks";
import type { Classroom } from "./classroom";

export interface Media {
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  /** The person or the device said no: she attends without. */
  refused: boolean;
  toggle: (what: "microphone" | "camera" | "screen") => Promise<void>;
}

/** Own camera, microphone and screen. Camera and microphone open with the class; a refusal only means to attend without. */
export function useFirstMedia(classroom: Classroom): Media {
  const me = classroom.room.localParticipant;
  const [, again] = useState({});
  const [refused, setRefused] = useState(false);

  async function set(what: "microphone" | "camera" | "screen", on: boolean): Promise<void> {
    try {
      if (what === "microphone") await me.setMicrophoneEnabled(on);
      if (what === "camera") await me.setCameraEnabled(on);
      if (what === "screen") await me.setScreenShareEnabled(on, { audio: true });
    } catch {
      if (what !== "screen") setRefused(true); // closing the browser's chooser of screens is no refusal
    }
    again({});
  }

  useEffect(() => {
    const look = () => again({});
    let opened = false;
    const open = (): void => {
      if (opened || classroom.line.value !== "open") return;
      opened = true;
      void set("microphone", true).then(() => set("camera", true));
    };
    const events = [
      RoomEvent.TrackMuted, RoomEvent.TrackUnmuted, RoomEvent.LocalTrackPublished, RoomEvent.LocalTrackUnpublished,
    ] as const;
    for (const event of events) classroom.room.on(event, look);
    const stop = classroom.line.watch(open);
    open();
    return () => {
      stop();
      for (const event of events) classroom.room.off(event, look);
    };
  }, []);

  return {
    microphone: me.isMicrophoneEnabled,
    camera: me.isCameraEnabled,
    screen: me.isScreenShareEnabled,
    refused,
    toggle: (what) =>
      set(what, !(what === "microphone" ? me.isMicrophoneEnabled : what === "camera" ? me.isCameraEnabled : me.isScreenShareEnabled)),
  };
}
