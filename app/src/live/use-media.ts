import { RoomEvent, Track, type TrackPublication } from "livekit-client";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Classroom } from "./classroom";

export interface Media {
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  /** The person or the device said no: she attends without. */
  refused: boolean;
  toggle: (what: "microphone" | "camera" | "screen") => Promise<void>;
}

/**
 * Own camera, microphone and screen. Camera and microphone open with the class, and again as they were when another server
 * takes over; a refusal only means to attend without.
 */
export function useFirstMedia(classroom: Classroom): Media {
  const me = classroom.room.localParticipant;
  const [, again] = useState({});
  const [refused, setRefused] = useState(false);
  const wanted = useRef({ microphone: true, camera: true, screen: false });

  async function set(what: "microphone" | "camera" | "screen", on: boolean): Promise<void> {
    wanted.current[what] = on;
    try {
      if (what === "microphone") await me.setMicrophoneEnabled(on);
      if (what === "camera") await me.setCameraEnabled(on);
      if (what === "screen") await me.setScreenShareEnabled(on, { audio: true });
    } catch {
      wanted.current[what] = false;
      if (what !== "screen") setRefused(true); // closing the browser's chooser of screens is no refusal
    }
    again({});
  }

  useEffect(() => {
    const look = () => again({});
    const open = async (): Promise<void> => {
      if (classroom.line.value !== "open") return;
      const { microphone, camera } = wanted.current;
      if (microphone && !me.isMicrophoneEnabled) await set("microphone", true);
      if (camera && !me.isCameraEnabled) await set("camera", true);
    };
    // Muted by the teacher: a new server does not open it again.
    const muted = (publication: TrackPublication): void => {
      if (publication === me.getTrackPublication(Track.Source.Microphone)) wanted.current.microphone = false;
    };
    classroom.room.on(RoomEvent.TrackMuted, muted);
    const events = [
      RoomEvent.TrackMuted, RoomEvent.TrackUnmuted, RoomEvent.LocalTrackPublished, RoomEvent.LocalTrackUnpublished,
    ] as const;
    for (const event of events) classroom.room.on(event, look);
    const stop = classroom.line.watch(() => void open());
    void open();
    return () => {
      stop();
      classroom.room.off(RoomEvent.TrackMuted, muted);
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
