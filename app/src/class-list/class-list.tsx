import { useState } from "preact/hooks";
import type { BundleSection } from "../contracts";
import { t } from "../i18n";
import type { Sitting } from "../plan/day";
import { Alert } from "../ui/alert";
import { LetInDialog } from "./let-in-dialog";
import { type RollRow, rollRows, sumOf } from "./roll-rows";
import { RollItem } from "./roll-item";
import { useRegister } from "./use-register";
import { useRoll } from "./use-roll";
import { type Glance as Counts, GLANCES, glanceOf } from "./where";

const NOBODY: ReadonlySet<string> = new Set();

/** What the live class adds to a row. */
export interface LiveActions {
  hands: readonly string[];
  speakersOpen: ReadonlySet<string>;
  picturesOn: ReadonlySet<string>;
  /** Who looks at another window; who was here since this device came; who is in which group; who was taken out. */
  away: ReadonlySet<string>;
  seen: ReadonlySet<string>;
  groups: ReadonlyMap<string, number>;
  out: ReadonlySet<string>;
  /** Whom the lock of the class keeps at the door. */
  waiting: ReadonlySet<string>;
  microphonesClosed: boolean;
  maySpeak: ReadonlySet<string>;
  mute: (sub: string) => void;
  stopVideo: (sub: string) => void;
  lower: (sub: string) => void;
  callOn: (sub: string) => void;
  letSpeak: (sub: string, on: boolean) => void;
  remove: (sub: string, back: boolean) => void;
}

/** The class list, filling up live: here, late, not yet; and the register's corrections. */
export function ClassList(props: {
  section: BundleSection;
  sitting: Sitting | undefined;
  live?: ReadonlySet<string>;
  actions?: LiveActions;
}) {
  const { section, sitting } = props;
  const roll = useRoll(sitting);
  const register = useRegister(sitting);
  const [letIn, setLetIn] = useState<RollRow | null>(null);
  const rows = rollRows({
    members: section.members,
    arrivals: roll.arrivals,
    live: props.live ?? NOBODY,
    startsAt: sitting?.startsAt ?? 0,
    tardyAfterMinutes: sitting?.tardyAfterMinutes ?? 5,
  });
  const sum = sumOf(rows);
  if (rows.length === 0) return <Alert kind="info">{t("class_empty")}</Alert>;
  return (
    <div class="roll" data-testid="roll">
      <p class="truth" role="status" data-testid="roll-summary" data-here={sum.here} data-late={sum.late} data-all={sum.all}>
        {t("roll_here", { here: sum.here, all: sum.all })}
        {sum.late > 0 && ` · ${t("roll_late", { count: sum.late })}`}
      </p>
      {props.actions && <Glance glance={glanceOf(rows, props.actions)} />}
      {roll.answered === false && <Alert kind="info">{t("roll_silent")}</Alert>}
      <ol>
        {rows.map((row) => (
          <RollItem
            key={row.sub} row={row} sitting={sitting} entry={register.entries.get(row.sub)}
            onMark={register.mark} onLetIn={() => setLetIn(row)} actions={props.actions}
          />
        ))}
      </ol>
      {letIn && sitting && <LetInDialog row={letIn} sitting={sitting} onClose={() => setLetIn(null)} />}
    </div>
  );
}

/** Who is where, in one line; of nobody nothing is said. */
function Glance({ glance }: { glance: Counts }) {
  return (
    <ul class="glance" data-testid="glance" aria-label={t("steer_glance")}>
      {GLANCES.filter((one) => glance[one] > 0).map((one) => (
        <li key={one} class={one} data-glance={one}>{t(`steer_glance_${one}`, { count: glance[one] })}</li>
      ))}
    </ul>
  );
}
