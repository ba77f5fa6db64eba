import { Room, VideoPresets } from "livekit-client";

/** Return a LiveKit room set for classes: a child's picture is small, a teacher's larger, unseen pictures are not sent. */
export function makeRoom({ teacher }: { teacher: boolean }): Room {
  return new Room({
    adaptiveStream: true,
    dynacast: true,
    disconnectOnPageLeave: true,
    videoCaptureDefaults: { resolution: (teacher ? VideoPresets.h720 : VideoPresets.h360).resolution },
    audioCaptureDefaults: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    publishDefaults: { simulcast: true, dtx: true, red: true, stopMicTrackOnMute: false },
  });
}
