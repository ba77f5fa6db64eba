import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n";

const SHOW_EVERY_MS = 100;
// Speech at arm's length stays well below full scale; this fills the bar.
const GAIN = 4;

/** A bar that moves with the voice. */
export function LevelMeter({ stream }: { stream: MediaStream }) {
  const meter = useRef<HTMLMeterElement>(null);
  useEffect(() => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      if (meter.current) meter.current.value = Math.min(1, Math.sqrt(power) * GAIN);
    }, SHOW_EVERY_MS);
    return () => {
      clearInterval(timer);
      void context.close();
    };
  }, [stream]);
  return <meter ref={meter} class="level" min={0} max={1} value={0} aria-label={t("microphone")} />;
}
