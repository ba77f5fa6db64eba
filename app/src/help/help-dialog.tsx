import { useEffect, useState } from "preact/hooks";
import { type Key, t } from "../i18n";
import { timeOf } from "../i18n/dates";
import { go } from "../lib/route";
import { bundle, inClass, plan } from "../state";
import { Alert } from "../ui/alert";
import { Dialog } from "../ui/dialog";
import { useCell } from "../ui/use-cell";
import { askForHelp, type Help, type HelpDetail } from "./ask";

/** Tells the school, says what it was told, and gives the ways out that need nobody: phone and device check. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  const person = useCell(bundle);
  const held = useCell(plan);
  const [help, setHelp] = useState<Help | null>(null);
  useEffect(() => void askForHelp().then(setHelp, () => null), []);
  const phones = [...new Set((held?.schools ?? []).map((school) => school.phone ?? "").filter(Boolean))];
  return (
    <Dialog title={t(person ? "help_title" : "help_title_ways")} onClose={onClose} testid="help-dialog">
      {person ? <Asked help={help} zone={held?.schools[0]?.time_zone ?? ""} /> : <WaysIn />}
      {phones.map((number) => (
        <p key={number}><a class="usa-button usa-button--outline" href={`tel:${number}`} data-testid="help-phone">{t("school_phone", { number })}</a></p>
      ))}
      <div class="buttons">
        {person && !inClass.value && (
          <button class="usa-button usa-button--outline" data-testid="help-check" onClick={() => { onClose(); go("/check"); }}>{t("check_link")}</button>
        )}
        <button class="usa-button" data-testid="help-close" onClick={onClose}>{t("close")}</button>
      </div>
    </Dialog>
  );
}

function Asked({ help, zone }: { help: Help | null; zone: string }) {
  if (!help) return <p role="status"><span class="spinner" aria-hidden="true" /> {t("help_telling")}</p>;
  const time = timeOf(help.at / 1000, zone);
  return (
    <div data-testid="help-asked" data-sent={help.sent} data-again={help.again}>
      {help.again && <p>{t("help_again", { time })}</p>}
      <Alert kind={help.sent ? "success" : "info"}>{t(help.sent ? "help_seen" : "help_waits")}</Alert>
      <p>{t("help_told")}</p>
      <ul>
        {told(help.detail).map((words) => <li key={words}>{words}</li>)}
      </ul>
    </div>
  );
}

const FOUND: Record<HelpDetail["camera"], Key> = { good: "help_works", bad: "help_fails", skipped: "help_unchecked" };

/** The facts that were sent, in words: nothing is told in secret. */
function told({ camera, microphone, line, layer }: HelpDetail): string[] {
  const parts: [Key, HelpDetail["camera"]][] = [["camera", camera], ["microphone", microphone], ["line", line]];
  const words = parts.map(([part, found]) => `${t(part)}: ${t(FOUND[found])}`);
  if (layer) words.push(t(layer === "line" || layer === "stranger" ? "help_layer_line" : layer === "live" ? "help_layer_live" : "help_layer_school"));
  return words;
}

function WaysIn() {
  return (
    <>
      <p>{t("help_ways")}</p>
      <ul data-testid="help-ways">
        <li>{t("help_way_badge")}</li>
        <li>{t("help_way_code")}</li>
        <li>{t("help_way_password")}</li>
      </ul>
    </>
  );
}
