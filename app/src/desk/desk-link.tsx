import type { Bundle } from "../contracts";
import { t } from "../i18n";
import { Link } from "../ui/link";

/** Say whether the doors show this person the bell: who runs the district's systems, and who has duty in a school. */
export const seesDesk = (bundle: Bundle): boolean =>
  bundle.pass !== null && (bundle.person.kind === "operator" || (bundle.person.duty ?? []).length > 0);

/** The way to the desk, for those who have one. */
export function DeskLink({ bundle }: { bundle: Bundle }) {
  if (!seesDesk(bundle)) return null;
  return (
    <Link to="/desk" class="usa-button usa-button--big" testid="to-desk">
      {t("desk_open")}
    </Link>
  );
}
