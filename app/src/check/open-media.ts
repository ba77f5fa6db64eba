/** Open a camera or microphone; `null` when there is none or the person said no. */
export async function openMedia(what: MediaStreamConstraints): Promise<MediaStream | null> {
  try {
    return await navigator.mediaDevices.getUserMedia(what);
  } catch {
    return null; // the screen says what to do; the reason differs by browser and helps nobody
  }
}
