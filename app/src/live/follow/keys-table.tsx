import { t } from "../../i18n";
import { KEYS } from "./keys";

const WHAT = {
  m: "keys_m", v: "keys_v", h: "keys_h", c: "keys_c", o: "keys_o", d: "keys_d",
} as const satisfies Record<keyof typeof KEYS, string>;

/** Every shortcut, in words. */
export function KeysTable() {
  return (
    <table class="keys" data-testid="keys-table">
      <caption>{t("keys_caption")}</caption>
      <tbody>
        {(Object.keys(WHAT) as (keyof typeof WHAT)[]).map((key) => (
          <tr key={key}><th scope="row"><kbd>{key.toUpperCase()}</kbd></th><td>{t(WHAT[key])}</td></tr>
        ))}
        <tr><th scope="row"><kbd>?</kbd></th><td>{t("keys_help")}</td></tr>
        <tr><th scope="row"><kbd>← →</kbd></th><td>{t("keys_arrows")}</td></tr>
        <tr><th scope="row"><kbd>Esc</kbd></th><td>{t("keys_escape")}</td></tr>
        <tr><th scope="row"><kbd>Alt Shift M …</kbd></th><td>{t("keys_always")}</td></tr>
      </tbody>
    </table>
  );
}
