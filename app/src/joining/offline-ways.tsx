import type { Sitting } from "../plan/day";
import { bundle, reached } from "../state";
import { useCell } from "../ui/use-cell";
import { Alternates } from "./alternates";

/** Without a line, where else the class meets is on the first page already: no tap, no try before it. */
export function OfflineWays({ sitting, now, opens }: { sitting: Sitting; now: number; opens: number }) {
  const there = useCell(reached);
  const sub = useCell(bundle)?.person.id ?? "";
  const open = sitting.startsAt - opens <= now && now < sitting.endsAt;
  // A class that meets elsewhere has its places on its card already.
  if (there !== false || !open || sitting.pathway !== "live") return null;
  return (
    <div class="card" data-testid="offline-ways">
      <Alternates sitting={sitting} alternates={sitting.alternates} sub={sub} />
    </div>
  );
}
