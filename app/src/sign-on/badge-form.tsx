import { useState } from "preact/hooks";
import { t } from "../i18n";
import { codeOf } from "../lib/trouble";
import { Alert } from "../ui/alert";
import { sentence } from "../ui/code-text";
import { type CodeKind, signOnByCode } from "./badge-sign-on";
import { PictureGrid } from "./picture-grid";
import { Scanner } from "./scanner";

/** A badge (scanned or typed, with its pictures when the door asks) or a teacher's code (typed). */
export function BadgeForm({ kind }: { kind: CodeKind }) {
  const [text, setText] = useState("");
  const [scanning, setScanning] = useState(false);
  const [pictures, setPictures] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");

  async function show(code: string, pin: string[]): Promise<void> {
    setScanning(false);
    setBusy(true);
    setTrouble("");
    setText(code);
    try {
      await signOnByCode(kind, code.trim(), pin);
    } catch (error) {
      if (codeOf(error) === "pictures_needed") setPictures(true);
      else setTrouble(sentence(error));
      if (codeOf(error) === "bad_badge") setPictures(false);
    }
    setBusy(false);
  }

  if (pictures)
    return <PictureGrid key={trouble} trouble={trouble} busy={busy} onDone={(pin) => void show(text, pin)} />;
  return (
    <form
      class="usa-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy && text.trim()) void show(text, []);
      }}
    >
      <h1>{kind === "badge" ? t("badge_title") : t("let_in_title")}</h1>
      {trouble && <Alert kind="error" testid="sign-on-error">{trouble}</Alert>}
      {kind === "badge" &&
        (scanning ? (
          <Scanner onText={(found) => void show(found, [])} onStop={() => setScanning(false)} />
        ) : (
          <button
            type="button" class="usa-button usa-button--big" data-testid="scan" disabled={busy}
            onClick={() => setScanning(true)}
          >
            {t("badge_scan")}
          </button>
        ))}
      <label class="usa-label" for="code">{kind === "badge" ? t("badge_type") : t("let_in_type")}</label>
      <input
        class="usa-input code" id="code" name="code" value={text} autocomplete="off" autocapitalize="none" spellcheck={false}
        onInput={(event) => setText(event.currentTarget.value)} data-testid="badge-code"
      />
      <button class={`usa-button ${kind === "badge" ? "usa-button--outline" : "usa-button--big"}`} disabled={busy} data-testid="badge-go">
        {busy ? t("sign_on_busy") : t("sign_on_go")}
      </button>
    </form>
  );
}
