import type { Child, FamilyStatus } from "../contracts";
import { t } from "../i18n";

type Known = FamilyStatus["children"][number];

/** What a guardian decides and reads of one child at the school's own pages; and how the child calls in without internet. */
export function ChildMore({ child, known, titles }: { child: Child; known: Known | null; titles: ReadonlyMap<string, string> }) {
  const { recording, by_phone: phone } = known ?? {};
  return (
    <div class="child-more">
      {recording !== undefined && (
        <p data-testid="child-recordings" data-says={String(recording)}>
          {recording === null ? t("recordings_unsaid") : recording ? t("recordings_yes") : t("recordings_no")}{" "}
          <a class="usa-link" href="/office/consents/" aria-label={t("recordings_change_for", { name: child.name })}>{t("recordings_change")}</a>
        </p>
      )}
      {phone && Object.keys(phone.digits).length > 0 && (
        <details data-testid="child-phone">
          <summary>{t("by_phone")}</summary>
          <p>{t("by_phone_how")} <a class="usa-link" href={`tel:${phone.number}`}>{phone.number}</a></p>
          <ul>
            {Object.entries(phone.digits).map(([section, digits]) => (
              <li key={section}><span class="rest-title">{titles.get(section) ?? ""}</span> <strong class="digits">{inPieces(digits)} #</strong></li>
            ))}
          </ul>
          <p class="quiet">{t("by_phone_whose", { name: child.name })}</p>
        </details>
      )}
      <p><a class="usa-link" href={`/office/book/child/${child.id}/`} data-testid="child-book">{t("child_book", { name: child.name })}</a></p>
    </div>
  );
}

/** Eleven digits as a person reads them out: class, then PIN in two halves. */
const inPieces = (digits: string): string => digits.replace(/^(\d{5})(\d{3})(\d{3})$/, "$1 $2 $3");
