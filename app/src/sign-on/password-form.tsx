import { useState } from "preact/hooks";
import { t } from "../i18n";
import { nextPage } from "../lib/route";
import { signOn } from "../office/office";
import { Alert } from "../ui/alert";
import { sentence } from "../ui/code-text";
import { enter } from "./enter";

export function PasswordForm() {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");

  async function submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (busy) return;
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    setTrouble("");
    try {
      await signOn(String(fields.get("user_name")).trim(), String(fields.get("password")));
      const next = nextPage(location.search, location.origin);
      if (next) return location.assign(next);
      await enter(null);
    } catch (error) {
      setTrouble(sentence(error));
      setBusy(false);
    }
  }

  return (
    <form class="usa-form" onSubmit={(event) => void submit(event)}>
      <h1>{t("sign_on_title")}</h1>
      {trouble && <Alert kind="error" testid="sign-on-error">{trouble}</Alert>}
      <label class="usa-label" for="user_name">{t("user_name")}</label>
      <input
        class="usa-input" id="user_name" name="user_name" required
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
