import { t } from "../i18n";
import { Icon } from "./icon";

/** How many hands are up where a button leads to; its label says so in words (`withHands`). */
export function HandCount({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span class="hand-count" aria-hidden="true" data-testid="hand-count">
      <Icon name="hand" class="hand-up" />
      {count}
    </span>
  );
}

export const withHands = (words: string, hands: number): string =>
  hands > 0 ? `${words}. ${t("steer_hands_count", { count: hands })}` : words;
