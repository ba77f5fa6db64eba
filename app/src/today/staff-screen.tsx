import type { Bundle } from "../contracts";
import { DeskLink } from "../desk/desk-link";
import { t } from "../i18n";
import { useNow } from "../ui/use-now";
import { AloneCards } from "../watch/alone-cards";
import { DayFoot } from "./day-foot";
import { Greeting } from "./greeting";

/** For those who have no class of their own: the way to the office's pages. */
export function StaffScreen({ bundle }: { bundle: Bundle }) {
  const now = useNow();
  return (
    <section data-testid="staff">
      <Greeting name={bundle.person.name} now={now} zone="" />
      <AloneCards />
      <div class="card">
        <p>{t("staff_hint")}</p>
        <a class="usa-button usa-button--big" href="/office/">{t("staff_go")}</a>{" "}
        <DeskLink bundle={bundle} />
      </div>
      <DayFoot phones={[]} />
    </section>
  );
}
