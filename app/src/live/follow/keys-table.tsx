import { t } from "../../i18n";
import type { Sitting } from "../../plan/day";
import { KEYS } from "./keys";

const WHAT = {
  m: "keys_m", v: "keys_v", h: "keys_h", c: "keys_c", o: "keys_o", d: "keys_d",
} as const satisfies Record<keyof typeof KEYS, string>;

// Guests have fewer buttons, so fewer keys: bar.tsx.
const NOT_HERS: Partial<Record<Sitting["role"], string>> = { interpreter: "h", observer: "mvhc" };

/** Every shortcut that this person has, in words. `leads`: a grown-up's, who has a list of hands instead of one to raise. */
export function KeysTable({ leads, role }: { leads: boolean; role: Sitting["role"] }) {
  const keys = (Object.keys(WHAT) as (keyof typeof WHAT)[]).filter((key) => !NOT_HERS[role]?.includes(key));
  return (
    <table class="keys" data-testid="keys-table">
      <caption>{t("keys_caption")}</caption>
      <tbody>
        {keys.map((key) => (
          <tr key={key}><th scope="row"><kbd>{key.toUpperCase()}</kbd></th><td>{t(leads && key === "h" ? "keys_h_leads" : WHAT[key])}</td></tr>
        ))}
        <tr><th scope="row"><kbd>?</kbd></th><td>{t("keys_help")}</td></tr>
        <tr><th scope="row"><kbd>← →</kbd></th><td>{t("keys_arrows")}</td></tr>
        <tr><th scope="row"><kbd>Esc</kbd></th><td>{t("keys_escape")}</td></tr>
        <tr><th scope="row"><kbd>Alt Shift M …</kbd></th><td>{t("keys_always")}</td></tr>
      </tbody>
    </table>
  );
}
