import type { MemberRole } from "../contracts";
import { t } from "../i18n";

/** Where a class goes when live cannot serve: its teacher keeps the list, and lessons for such a day, in the office. */
export function PlanBLink({ section, role }: { section: string; role: MemberRole }) {
  if (role !== "teacher") return null;
  return (
    <p><a href={`/office/sections/${section}/alternates/`} class="usa-link" data-testid="to-plan-b">{t("plan_b_link")}</a></p>
  );
}
