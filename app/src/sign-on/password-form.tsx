import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../i18n";
import { nextPage } from "../lib/route";
import { codeOf } from "../lib/trouble";
import { Alert } from "../ui/alert";
import { sentence } from "../ui/code-text";
import { useCell } from "../ui/use-cell";
import { enter } from "./enter";
import { placeOf } from "./waiting-line-kept";
import { signOnInLine, waiting } from "./waiting-line-office";
import { WaitingLinePage } from "./waiting-line-page";

export function PasswordForm() {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const inLine = useCell(waiting);
  const kept = placeOf();
  const shown = useRef(true);
  useEffect(() => () => void (shown.current = false), []);

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setTrouble("");
    try {
      await signOnInLine(String(fields.get("user_name")).trim(), String(fields.get("password")));
      const next = nextPage(location.search, location.origin);
      if (next) return location.assign(next);
      await enter(null);
    } catch (error) {
      if (!shown.current) return;
      if (codeOf(error) !== "stopped") setTrouble(sentence(error));
      setBusy(false);
    }
  }

  if (inLine) return <WaitingLinePage now={inLine} />;
  return (
    <form class="usa-form" onSubmit={(event) => void submit(event)}>
      <h1>{t("sign_on_title")}</h1>
      {trouble && <Alert kind="error" testid="sign-on-error">{trouble}</Alert>}
      {kept && !trouble && !busy && <Alert kind="info" testid="line-kept">{t("line_password_again")}</Alert>}
      <label class="usa-label" for="user_name">{t("user_name")}</label>
      <input
        class="usa-input" id="user_name" name="user_name" required defaultValue={kept?.userName ?? ""}
        autocomplete="username" autocapitalize="none" spellcheck={false} data-testid="sign-on-user"
      />
      <label class="usa-label" for="password">{t("password")}</label>
      <input
        class="usa-input" id="password" name="password" type="password" required
        autocomplete="current-password" data-testid="sign-on-password"
      />
      <button class="usa-button usa-button--big" disabled={busy} data-testid="sign-on-go">
        {busy ? t("sign_on_busy") : t("sign_on_go")}
      </button>
    </form>
  );
}
