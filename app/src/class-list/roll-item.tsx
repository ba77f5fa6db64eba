import { useState } from "preact/hooks";
import type { RegisterEntry, RegisterStatus } from "../contracts";
import { type Key, t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { Sitting } from "../plan/day";
import { HandUp } from "../ui/hand-up";
import type { LiveActions } from "./class-list";
import { minutesLate } from "./minutes-late";
import { StudentDialog } from "./student-dialog";
import { whereIs } from "./where";
import type { RollRow } from "./roll-rows";

const MARKS: RegisterStatus[] = ["", "present", "tardy", "absent", "excused"];

/** One student: where she is, what the register says, and what the teacher can do about it. */
export function RollItem(props: {
  row: RollRow;
  sitting: Sitting | undefined;
  entry: RegisterEntry | undefined;
  onMark: (sub: string, status: RegisterStatus, minutes?: number) => Promise<void>;
  onLetIn: () => void;
  actions: LiveActions | undefined;
}) {
  const { row, sitting, entry, actions } = props;
  const [undo, setUndo] = useState<RegisterStatus | null>(null);
  const [open, setOpen] = useState(false);
  const where = actions && whereIs(row, actions);
  const hand = (actions?.hands.indexOf(row.sub) ?? -1) + 1;
  const marked = entry?.mark ?? "";

  function choose(status: RegisterStatus): void {
    setUndo(marked);
    void props.onMark(row.sub, status, minutesLate(status, row.arrivedAt, sitting));
  }

  return (
    <li class={`roll-row ${row.state}`} data-testid={`roll-row-${row.sub}`} data-state={row.state} data-mark={marked} data-where={where?.kind}>
      <span class="roll-name">
        {hand > 0 && <HandUp place={hand} />}
        {row.name}
        <small>
          {where ? t(`steer_where_${where.kind}`, where.values) : t(`row_${row.state}` as Key)}
          {where?.kind === "here" && row.state === "late" && ` · ${t("row_late")}`}
          {row.arrivedAt > 0 && ` · ${timeOf(row.arrivedAt / 1000, sitting?.timeZone ?? "")}`}
        </small>
      </span>
      {actions && (
        <button
          class="usa-button usa-button--outline small" data-testid={`steer-${row.sub}`} aria-haspopup="dialog"
          aria-label={t("steer_more_for", { name: row.name })} onClick={() => setOpen(true)}
        >
          …
        </button>
      )}
      {actions && open && <StudentDialog row={row} actions={actions} onClose={() => setOpen(false)} />}
      {actions?.speakersOpen.has(row.sub) && (
        <button class="usa-button usa-button--outline small" onClick={() => actions.mute(row.sub)} aria-label={t("mute_one", { name: row.name })}>
          {t("mute")}
        </button>
      )}
      {row.state === "not_yet" && sitting && (
        <button
          class="usa-button usa-button--outline small" data-testid={`let-in-${row.sub}`}
          onClick={props.onLetIn} aria-label={t("let_in_for", { name: row.name })}
        >
          {t("let_in_button")}
        </button>
      )}
      <select
        class="usa-select" value={marked} disabled={!sitting} data-testid={`mark-${row.sub}`}
        aria-label={t("mark_for", { name: row.name })}
        onChange={(event) => choose(event.currentTarget.value as RegisterStatus)}
      >
        {MARKS.map((status) => (
          <option key={status} value={status}>
            {status === "" ? (entry?.status ? t("mark_as_is", { status: t(`mark_${entry.status}` as Key) }) : t("mark_none")) : t(`mark_${status}` as Key)}
          </option>
        ))}
      </select>
      {undo !== null && (
        <button
          class="usa-button usa-button--unstyled" data-testid={`undo-${row.sub}`}
          onClick={() => {
            void props.onMark(row.sub, undo);
            setUndo(null);
          }}
        >
          {t("undo")}
        </button>
      )}
    </li>
  );
}
