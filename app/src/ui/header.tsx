import { HelpButton } from "../help/help-button";
import { t } from "../i18n";
import { bundle, portalName } from "../state";
import { LanguageMenu } from "./language-menu";
import { Link } from "./link";
import { useCell } from "./use-cell";

export function Header() {
  const name = useCell(portalName);
  const person = useCell(bundle)?.person;
  return (
    <header class="top">
      <Link to="/" class="top-brand">
        {name}
      </Link>
      <div class="top-right">
        {person && (
          <Link to="/check" class="top-link" testid="to-check">
            {t("check_link")}
          </Link>
        )}
        {person?.staff_pages && (
          <a href="/office/" class="top-link">
            {t("office_link")}
          </a>
        )}
        <LanguageMenu />
        <HelpButton />
      </div>
    </header>
  );
}
