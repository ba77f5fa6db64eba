import { useState } from "preact/hooks";
import { t } from "../i18n";
import { HelpDialog } from "./help-dialog";

/** The one button for whoever is in trouble, on every page. */
export function HelpButton() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button class="usa-button help-button" data-testid="help" onClick={() => setOpen(true)}>{t("help_button")}</button>
      {open && <HelpDialog onClose={() => setOpen(false)} />}
    </>
  );
}
