import type { Language } from "../contracts";
import { language, t, useLanguage } from "../i18n";
import { keepLanguage, LANGUAGES } from "../i18n/languages";
import { saveLanguage } from "../office/office";
import { bundle, daySession } from "../state";
import { useCell } from "./use-cell";

/** The language chooser, on every page. The choice holds on this device at once; the office hears of it when it can. */
export function LanguageMenu() {
  const current = useCell(language);
  return (
    <label class="language">
      <span class="usa-sr-only">{t("language")}</span>
      <select
        class="usa-select"
        value={current}
        data-testid="language"
        onChange={(event) => void choose(event.currentTarget.value as Language)}
      >
        {LANGUAGES.map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

async function choose(chosen: Language): Promise<void> {
  keepLanguage(chosen);
  await useLanguage(chosen);
  if (!bundle.value) return;
  // Only a courtesy to the person's other devices: the choice already holds here.
  await saveLanguage(chosen, daySession()).catch(() => null);
}
