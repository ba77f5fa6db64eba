import { DefaultReconnectPolicy, Room, VideoPresets } from "livekit-client";

// LiveKit's own policy tries the same server for 40 s. A class has a second one: after about 8 s a new ticket is asked for.
const RECONNECT_AFTER_MS = [0, 300, 1_200, 2_500, 4_000];

/** Return a LiveKit room set for classes: a child's picture is small, a teacher's larger, unseen pictures are not sent. */
export function makeRoom({ teacher }: { teacher: boolean }): Room {
  return new Room({
    adaptiveStream: true,
    dynacast: true,
    disconnectOnPageLeave: true,
    reconnectPolicy: new DefaultReconnectPolicy(RECONNECT_AFTER_MS),
    videoCaptureDefaults: { resolution: (teacher ? VideoPresets.h720 : VideoPresets.h360).resolution },
    audioCaptureDefaults: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    publishDefaults: { simulcast: true, dtx: true, red: true, stopMicTrackOnMute: false },
  });
}
