import { HandCount, withHands } from "./hand-count";
import { Icon } from "./icon";
import type { IconName } from "./icons";

/** A button of the bar: a picture and its word; pressed or not is said, not only coloured. `hands`: how many are up where it leads to. */
export function BarButton(props: { icon: IconName; label: string; hands?: number; on: boolean; disabled?: boolean; testid: string; onClick: () => void }) {
  const { hands = 0 } = props;
  return (
    <button class="bar-button" aria-label={hands > 0 ? withHands(props.label, hands) : undefined} aria-pressed={props.on} data-testid={props.testid} disabled={props.disabled} onClick={props.onClick}>
      <Icon name={props.icon} />
      <span>{props.label}<HandCount count={hands} /></span>
    </button>
  );
}
