import { RemoteVideoTrack, type Track } from "livekit-client";
import { useEffect, useRef } from "preact/hooks";

const COUNT_EVERY_MS = 1_000;

/** One picture. `data-frames` of the figure around it counts the frames decoded so far, for tests and for help by phone. */
export function Video({ track, mirror, label }: { track: Track; mirror: boolean; label: string }) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (!video) return;
    track.attach(video);
    const timer = setInterval(() => void countFrames(track, video), COUNT_EVERY_MS);
    return () => {
      clearInterval(timer);
      track.detach(video);
    };
  }, [track]);
  return <video ref={element} class={mirror ? "mirror" : ""} muted autoplay playsInline aria-label={label} />;
}

async function countFrames(track: Track, video: HTMLVideoElement): Promise<void> {
  if (!(track instanceof RemoteVideoTrack)) return;
  const stats = await track.getReceiverStats();
  video.closest("figure")?.setAttribute("data-frames", String(stats?.framesDecoded ?? 0));
}
