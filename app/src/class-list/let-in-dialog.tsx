import { useEffect, useState } from "preact/hooks";
import { letIn } from "../door/door";
import { firstGood } from "../door/first-good";
import type { LetInCode } from "../contracts";
import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { Sitting } from "../plan/day";
import { doors } from "../state";
import { Alert } from "../ui/alert";
import { sentence } from "../ui/code-text";
import { Dialog } from "../ui/dialog";
import { ensureSession } from "./ensure-session";
import type { RollRow } from "./roll-rows";

/** A one-use code for a student, large enough to read out or hold up. */
export function LetInDialog(props: { row: RollRow; sitting: Sitting; onClose: () => void }) {
  const { row, sitting } = props;
  const [code, setCode] = useState<LetInCode | null>(null);
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    const stop = new AbortController();
    ensureSession(sitting, stop.signal)
      .then((session) => firstGood(doors(), (door) => letIn(door, row.sub, sitting.section, session)))
      .then(setCode, (error: unknown) => setTrouble(sentence(error)));
    return () => stop.abort();
  }, [row.sub]);
  return (
    <Dialog title={t("let_in_for", { name: row.name })} onClose={props.onClose} testid="let-in-dialog">
      {trouble && <Alert kind="warning">{trouble}</Alert>}
      {!code && !trouble && <p role="status"><span class="spinner" aria-hidden="true" /></p>}
      {code && (
        <>
          <p class="big-code" data-testid="let-in-code">{code.code}</p>
          <p>{t("let_in_explain", { time: timeOf(code.expires_at, sitting.timeZone) })}</p>
        </>
      )}
      <button class="usa-button" onClick={props.onClose}>{t("close")}</button>
    </Dialog>
  );
}
