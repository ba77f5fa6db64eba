import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import type { CheckResult } from "../keep/kept";
import { Alert } from "../ui/alert";
import { LevelMeter } from "./level-meter";
import { openMedia } from "./open-media";

/** The camera's picture and the microphone's level; each is opened alone, so one that is missing does not hide the other. */
export function MediaCheck({ onFound }: { onFound: (part: Partial<CheckResult>) => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [microphone, setMicrophone] = useState<MediaStream | null>(null);
  const [bad, setBad] = useState<{ camera?: boolean; microphone?: boolean }>({});
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    let over = false;
    const opened: MediaStream[] = [];
    async function run(): Promise<void> {
      const camera = await openMedia({ video: true });
      const sound = await openMedia({ audio: true });
      for (const stream of [camera, sound]) if (stream) opened.push(stream);
      if (over) return stopAll(opened);
      if (video.current && camera) video.current.srcObject = camera;
      setMicrophone(sound);
      setBad({ camera: !camera, microphone: !sound });
      onFound({ camera: camera ? "good" : "bad", microphone: sound ? "good" : "bad" });
    }
    void run();
    return () => {
      over = true;
      stopAll(opened);
    };
  }, [turn]);

  return (
    <>
      <div class="card">
        <h2>{t("camera")}</h2>
        <video ref={video} class="preview" autoplay muted playsInline aria-label={t("camera_preview")} />
        {bad.camera && <Alert kind="warning">{t("camera_advice")}</Alert>}
        {bad.camera === false && <p class="check-good">{t("camera_good")} ✓</p>}
      </div>
      <div class="card">
        <h2>{t("microphone")}</h2>
        {microphone && <LevelMeter stream={microphone} />}
        {bad.microphone && <Alert kind="warning">{t("microphone_advice")}</Alert>}
        {bad.microphone === false && <p class="quiet">{t("microphone_say")}</p>}
        {(bad.camera || bad.microphone) && (
          <button class="usa-button usa-button--outline" onClick={() => setTurn(turn + 1)}>{t("try_again")}</button>
        )}
      </div>
    </>
  );
}

function stopAll(streams: MediaStream[]): void {
  for (const stream of streams) for (const track of stream.getTracks()) track.stop();
}
