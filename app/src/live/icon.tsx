import { ICONS, type IconName } from "./icons";

/** A drawing of ours; its word stands beside it, or around it. */
export function Icon({ name, class: style }: { name: IconName; class?: string }) {
  return (
    <svg class={style} viewBox="0 0 24 24" aria-hidden="true">
      <path fill-rule="evenodd" d={ICONS[name]} />
    </svg>
  );
}
