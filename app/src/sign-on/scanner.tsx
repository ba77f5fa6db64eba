import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { Alert } from "../ui/alert";
import { qrReader } from "./qr-reader";

const LOOK_EVERY_MS = 200;

/** The camera's picture, looked through for a QR code until one is found. Nothing of it leaves the device. */
export function Scanner(props: { onText: (text: string) => void; onStop: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [refused, setRefused] = useState(false);

  useEffect(() => {
    let over = false;
    let stream: MediaStream | null = null;
    async function look(): Promise<void> {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: { ideal: "environment" } } });
      const element = video.current;
      if (over || !element) return stop(stream);
      element.srcObject = stream;
      await element.play();
      const read = await qrReader();
      while (!over) {
        const text = await read(element);
        if (text && !over) return props.onText(text);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    }
    look().catch(() => setRefused(!over));
    return () => {
      over = true;
      stop(stream);
    };
  }, []);

  if (refused) return <Alert kind="info">{t("scan_no_camera")}</Alert>;
  return (
    <div class="scanner">
      <video ref={video} muted playsInline aria-label={t("badge_scan")} />
      <p>{t("scan_hint")}</p>
      <button type="button" class="usa-button usa-button--outline" onClick={props.onStop}>{t("cancel")}</button>
    </div>
  );
}

function stop(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
