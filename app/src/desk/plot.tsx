import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import { percentOf } from "./merge";

const WIDTH = 600;
const HEIGHT = 120;

/**
 * Arrivals per minute of the last hour as bars, and as a line how many of those expected had come by then. `at`:
 * seconds, of the last minute.
 */
export function Plot(props: { arrivals: readonly number[]; expected: number; arrived: number; at: number; zone: string }) {
  const { arrivals, expected, arrived, at, zone } = props;
  const most = Math.max(...arrivals, 1);
  const step = WIDTH / arrivals.length;
  const points = sharePoints(arrivals, expected, arrived).map((share, index) => `${(index + 1) * step},${HEIGHT * (1 - share)}`);
  const last = arrivals.slice(-5).reduce((total, count) => total + count, 0);
  return (
    <figure class="desk-plot">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={t("desk_plot_words", { count: last, most })}>
        <line class="desk-plot-all" x1="0" x2={WIDTH} y1="1" y2="1" />
        {arrivals.map((count, index) => (
          <rect key={index} class="desk-plot-bar" x={index * step + 1} width={step - 2} y={HEIGHT * (1 - count / most)} height={(HEIGHT * count) / most} />
        ))}
        <polyline class="desk-plot-line" points={points.join(" ")} />
      </svg>
      <p class="desk-plot-times" aria-hidden="true">
        <span>{timeOf(at - 60 * (arrivals.length - 1), zone)}</span>
        <span>{percentOf(arrived, expected)} %</span>
        <span>{timeOf(at, zone)}</span>
      </p>
      <figcaption>{t("desk_plot", { most })}</figcaption>
    </figure>
  );
}

/** The share of those expected who had come by the end of each minute, 0 to 1: counted back from now. */
export function sharePoints(arrivals: readonly number[], expected: number, arrived: number): number[] {
  const shares: number[] = [];
  let there = arrived;
  for (let index = arrivals.length - 1; index >= 0; index--) {
    shares.unshift(expected > 0 ? Math.min(1, Math.max(0, there / expected)) : 0);
    there -= arrivals[index] ?? 0;
  }
  return shares;
}
