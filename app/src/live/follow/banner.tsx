import { useCell } from "../../ui/use-cell";
import type { ToolProps } from "../tool";
import { CaptionsStrip } from "./captions-strip";
import { type Following, followingIn } from "./following";
import { SaverBanner } from "./saver-banner";

export function FollowBanner({ classroom }: ToolProps) {
  const following = useCell(followingIn(classroom));
  if (!following) return null;
  return (
    <>
      <SaverBanner saver={following.saver} />
      <CaptionsStrip classroom={classroom} captions={following.captions} />
      <Spoken following={following} />
    </>
  );
}

/** For screen readers; and the line's counters, for tests and for help by phone. */
function Spoken({ following }: { following: Following }) {
  const words = useCell(following.announcer.words);
  const counted = useCell(following.saver.counted);
  return (
    <>
      <p class="usa-sr-only" aria-live="polite" aria-atomic="true" data-testid="announcer">{words}</p>
      <span
        hidden data-testid="line-counted" data-received={counted?.received} data-sent={counted?.sent} data-pictures={counted?.pictures}
        data-samples={counted?.samples} data-concealed={counted?.concealed} data-packets={counted?.packets} data-lost={counted?.lost}
        data-frames={counted?.frames}
      />
    </>
  );
}
