import { type LocalVideoTrack, type Participant, RoomEvent, Track, type TrackPublication } from "livekit-client";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Classroom } from "./classroom";
import { mayNow, watchSaid } from "./steer/said";

export interface Media {
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  /** The person or the device said no: she attends without. */
  refused: boolean;
  /** What the grown-ups of the class leave her to open now. */
  may: { microphone: boolean; camera: boolean };
  toggle: (what: "microphone" | "camera" | "screen") => Promise<void>;
}

/**
 * Own camera, microphone and screen. Camera and microphone open with the class, and again as they were when another server
 * takes over; a refusal only means to attend without. While the class is quiet the microphone is closed and the camera's
 * picture stays on this device; after it both are as before. So it is with what the grown-ups' rules close: a frozen class
 * gets back what it had.
 */
export function useFirstMedia(classroom: Classroom, publishes = true): Media {
  const me = classroom.room.localParticipant;
  const [, again] = useState({});
  const [refused, setRefused] = useState(false);
  const wanted = useRef({ microphone: publishes, camera: publishes, screen: false });
  const settling = useRef(Promise.resolve());
  const allowed = useRef(false);
  const tries = useRef(0);
  // Ours, not the teacher's: what the quiet closes it opens again.
  const closing = useRef({ microphone: false, camera: false });

  async function set(what: "microphone" | "camera" | "screen", on: boolean): Promise<void> {
    try {
      if (what === "microphone") await me.setMicrophoneEnabled(on);
      if (what === "camera") await me.setCameraEnabled(on);
      if (what === "screen") await me.setScreenShareEnabled(on, { audio: true });
      tries.current = 0;
    } catch (error) {
      if (classroom.line.value !== "open") return; // the line went, not the device: it is opened with the next one
      // The live server did not take it, and she wants it: a slow moment must not leave her without a voice.
      if (what !== "screen" && on && !isOfDevice(error) && tries.current++ < TRIES_AT_MOST) return void setTimeout(settle, TRY_AGAIN_MS);
      wanted.current[what] = false;
      if (what !== "screen") setRefused(true); // closing the browser's chooser of screens is no refusal
    }
    again({});
  }

  /** Bring the devices to what is wanted, one change after the other: a slow camera must not overtake the quiet. */
  function settle(): void {
    settling.current = settling.current.then(async () => {
      if (classroom.line.value !== "open") return;
      const may = mayNow(classroom);
      const { camera } = wanted.current;
      // What the live server does not let through yet, or any more, is not tried: it tells when that changes.
      const microphone = wanted.current.microphone && may.microphone && lets(Track.Source.Microphone);
      const quiet = classroom.quiet.value;
      if (quiet && microphone && !allowed.current && !me.isMicrophoneEnabled) await askForMicrophone();
      if (me.isMicrophoneEnabled !== (microphone && !quiet)) {
        // Also when the live server's word comes before the rule's: it was not she who closed it.
        closing.current.microphone = true;
        await set("microphone", microphone && !quiet);
        closing.current.microphone = false;
      }
      if (me.isCameraEnabled && !may.camera) {
        closing.current.camera = true;
        await set("camera", false);
        closing.current.camera = false;
      } else if (camera && may.camera && !me.isCameraEnabled && lets(Track.Source.Camera)) await set("camera", true);
      const picture = me.getTrackPublication(Track.Source.Camera)?.track as LocalVideoTrack | undefined;
      if (classroom.quiet.value || classroom.pictureRests.value) await picture?.pauseUpstream();
      else await picture?.resumeUpstream();
    });
    settling.current = settling.current.catch(() => undefined);
  }

  /** Whether the live server lets this device send it. */
  function lets(source: Track.Source.Microphone | Track.Source.Camera): boolean {
    const held = me.permissions;
    if (!held) return true;
    const number = source === Track.Source.Camera ? CAMERA : MICROPHONE;
    return held.canPublish && (held.canPublishSources.length === 0 || held.canPublishSources.includes(number));
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
      if (publication === me.getTrackPublication(Track.Source.Microphone) && !closing.current.microphone) wanted.current.microphone = false;
      if (publication === me.getTrackPublication(Track.Source.Camera) && !closing.current.camera) wanted.current.camera = false;
    };
    const permitted = (_before: unknown, who: Participant): void => {
      if (who === me) settle();
    };
    classroom.room.on(RoomEvent.TrackMuted, muted);
    const events = [
      RoomEvent.TrackMuted, RoomEvent.TrackUnmuted, RoomEvent.LocalTrackPublished, RoomEvent.LocalTrackUnpublished,
    ] as const;
    for (const event of events) classroom.room.on(event, look);
    classroom.room.on(RoomEvent.ParticipantPermissionsChanged, permitted);
    const stops = [classroom.line.watch(settle), classroom.quiet.watch(settle), classroom.pictureRests.watch(settle), watchSaid(classroom, settle)];
    settle();
    return () => {
      for (const stop of stops) stop();
      classroom.room.off(RoomEvent.TrackMuted, muted);
      classroom.room.off(RoomEvent.ParticipantPermissionsChanged, permitted);
      for (const event of events) classroom.room.off(event, look);
    };
  }, []);

  return {
    microphone: me.isMicrophoneEnabled,
    camera: me.isCameraEnabled,
    screen: me.isScreenShareEnabled,
    refused,
    may: mayNow(classroom),
    toggle: async (what) => {
      if (what === "microphone" && classroom.quiet.value) return;
      if (what !== "screen" && !mayNow(classroom)[what]) return;
      const on = !(what === "microphone" ? me.isMicrophoneEnabled : what === "camera" ? me.isCameraEnabled : me.isScreenShareEnabled);
      wanted.current[what] = on;
      await set(what, on);
      settle();
    },
  };
}

const TRIES_AT_MOST = 5;
const TRY_AGAIN_MS = 1_000;

/** Whether it was the browser or the device that said no, and not the line or the live server. */
const isOfDevice = (error: unknown): boolean =>
  error instanceof DOMException || (error instanceof Error && error.name === "OverconstrainedError");

// LiveKit's numbers of the sources in a permission.
const CAMERA = 1;
const MICROPHONE = 2;
