import { DefaultReconnectPolicy, Room, VideoPresets } from "livekit-client";

// LiveKit's own policy tries the same server for 40 s. A class has a second one: after about 8 s a new ticket is asked for.
const RECONNECT_AFTER_MS = [0, 300, 1_200, 2_500, 4_000];

/** Return a LiveKit room set for classes: a child's picture is small, a teacher's larger, unseen pictures are not sent. */
export function makeRoom({ teacher }: { teacher: boolean }): Room {
  return new Room({
    adaptiveStream: true,
    dynacast: true,
    disconnectOnPageLeave: true,
    // With one line for both ways, LiveKit's server 1.13.5 asks for a new media section for each picture that was taken
    // back before it came, and asks again after each answer: 3 more a second in a class of 14, without end.
    singlePeerConnection: false,
    reconnectPolicy: new DefaultReconnectPolicy(RECONNECT_AFTER_MS),
    videoCaptureDefaults: { resolution: (teacher ? VideoPresets.h720 : VideoPresets.h360).resolution },
    audioCaptureDefaults: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    publishDefaults: { simulcast: true, dtx: true, red: true, stopMicTrackOnMute: false },
  });
}
