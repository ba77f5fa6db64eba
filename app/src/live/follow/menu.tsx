import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import type { MenuProps } from "../tool";
import { followingIn } from "./following";

/** Data saver with one tap, and the way to everything else that helps to follow. */
export function FollowMenu({ classroom, close }: MenuProps) {
  const following = useCell(followingIn(classroom));
  return (
    <>
      {following && <SaverButton following={following} close={close} />}
      <button
        class="usa-button usa-button--outline" data-testid="follow-open"
        onClick={() => {
          close();
          classroom.panel.set("follow");
        }}
      >
        {t("follow_title")}
      </button>
    </>
  );
}

function SaverButton({ following: { saver }, close }: { following: NonNullable<ReturnType<typeof followingIn>["value"]>; close: () => void }) {
  const on = useCell(saver.on);
  return (
    <button
      class="usa-button usa-button--outline" aria-pressed={on} data-testid="saver-menu"
      onClick={() => {
        close();
        saver.use(!on);
      }}
    >
      {t(on ? "saver_back" : "saver")}
    </button>
  );
}
