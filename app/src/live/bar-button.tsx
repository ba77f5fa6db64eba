import { ICONS, type IconName } from "../ui/icons";

/** A button of the bar: a picture and its word; pressed or not is said, not only coloured. */
export function BarButton(props: { icon: IconName; label: string; on: boolean; disabled?: boolean; testid: string; onClick: () => void }) {
  return (
    <button class="bar-button" aria-pressed={props.on} data-testid={props.testid} disabled={props.disabled} onClick={props.onClick}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={ICONS[props.icon]} />
      </svg>
      <span>{props.label}</span>
    </button>
  );
}
