import { AudioPresets, Track } from "livekit-client";
import type { Classroom } from "../../classroom";

/** What is shown: letters have to be sharp, or movement smooth. A slow line cannot have both. */
export type Hint = "text" | "motion";

const KEY = "schoolday.screen_hint";
export const hintKept = (): Hint => (sessionStorage.getItem(KEY) === "motion" ? "motion" : "text");

/** Show a screen, a window or a tab, with its sound. Rejects when she closes the browser's chooser, or may not. */
export async function share(classroom: Classroom, hint: Hint): Promise<void> {
  sessionStorage.setItem(KEY, hint);
  await classroom.room.localParticipant.setScreenShareEnabled(
    true,
    {
      // Music and films as they are: the filters are for a voice in a room.
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      contentHint: hint === "text" ? "detail" : "motion",
      systemAudio: "include",
      surfaceSwitching: "include",
      selfBrowserSurface: "exclude",
    },
    { dtx: false, red: false, audioPreset: AudioPresets.musicHighQualityStereo },
  );
}

export const stopSharing = async (classroom: Classroom): Promise<void> => {
  await classroom.room.localParticipant.setScreenShareEnabled(false);
};

/** Whether what is shown here has sound: a window has none in most browsers. */
export const sharesSound = (classroom: Classroom): boolean =>
  classroom.room.localParticipant.getTrackPublication(Track.Source.ScreenShareAudio) !== undefined;
