import { type LocalVideoTrack, RoomEvent, Track, type TrackPublication } from "livekit-client";
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
 * takes over; a refusal only means to attend without. While the class is quiet the microphone is closed and the camera's
 * picture stays on this device; after it both are as before.
 */
export function useFirstMedia(classroom: Classroom, publishes = true): Media {
  const me = classroom.room.localParticipant;
  const [, again] = useState({});
  const [refused, setRefused] = useState(false);
  const wanted = useRef({ microphone: publishes, camera: publishes, screen: false });
  const settling = useRef(Promise.resolve());
  const allowed = useRef(false);
  // Ours, not the teacher's: what the quiet closes it opens again.
  const closing = useRef(false);

  async function set(what: "microphone" | "camera" | "screen", on: boolean): Promise<void> {
    try {
      if (what === "microphone") await me.setMicrophoneEnabled(on);
      if (what === "camera") await me.setCameraEnabled(on);
      if (what === "screen") await me.setScreenShareEnabled(on, { audio: true });
    } catch {
      if (classroom.line.value !== "open") return; // the line went, not the device: it is opened with the next one
      wanted.current[what] = false;
      if (what !== "screen") setRefused(true); // closing the browser's chooser of screens is no refusal
    }
    again({});
  }

  /** Bring the devices to what is wanted, one change after the other: a slow camera must not overtake the quiet. */
  function settle(): void {
    settling.current = settling.current.then(async () => {
      if (classroom.line.value !== "open") return;
      const { microphone, camera } = wanted.current;
      const quiet = classroom.quiet.value;
      if (quiet && microphone && !allowed.current && !me.isMicrophoneEnabled) await askForMicrophone();
      if (me.isMicrophoneEnabled !== (microphone && !quiet)) {
        closing.current = quiet;
        await set("microphone", microphone && !quiet);
        closing.current = false;
      }
      if (camera && !me.isCameraEnabled) await set("camera", true);
      const picture = me.getTrackPublication(Track.Source.Camera)?.track as LocalVideoTrack | undefined;
      if (classroom.quiet.value || classroom.pictureRests.value) await picture?.pauseUpstream();
      else await picture?.resumeUpstream();
    });
    settling.current = settling.current.catch(() => undefined);
  }

  /** While it is quiet the microphone is not opened; whether it may be is asked with the camera, not in mid-lesson. */
  async function askForMicrophone(): Promise<void> {
    allowed.current = true;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      for (const track of stream.getTracks()) track.stop();
    } catch {
      wanted.current.microphone = false;
      setRefused(true);
    }
  }

  useEffect(() => {
    const look = () => again({});
    // Muted by the teacher: a new server does not open it again.
    const muted = (publication: TrackPublication): void => {
      if (publication === me.getTrackPublication(Track.Source.Microphone) && !closing.current) wanted.current.microphone = false;
    };
    classroom.room.on(RoomEvent.TrackMuted, muted);
    const events = [
      RoomEvent.TrackMuted, RoomEvent.TrackUnmuted, RoomEvent.LocalTrackPublished, RoomEvent.LocalTrackUnpublished,
    ] as const;
    for (const event of events) classroom.room.on(event, look);
    const stops = [classroom.line.watch(settle), classroom.quiet.watch(settle), classroom.pictureRests.watch(settle)];
    settle();
    return () => {
      for (const stop of stops) stop();
      classroom.room.off(RoomEvent.TrackMuted, muted);
      for (const event of events) classroom.room.off(event, look);
    };
  }, []);

  return {
    microphone: me.isMicrophoneEnabled,
    camera: me.isCameraEnabled,
    screen: me.isScreenShareEnabled,
    refused,
    toggle: async (what) => {
      if (what === "microphone" && classroom.quiet.value) return;
      const on = !(what === "microphone" ? me.isMicrophoneEnabled : what === "camera" ? me.isCameraEnabled : me.isScreenShareEnabled);
      wanted.current[what] = on;
      await set(what, on);
      settle();
    },
  };
}
