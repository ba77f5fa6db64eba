import { useEffect, useState } from "preact/hooks";
import type { Bundle, FamilyStatus } from "../contracts";
import { t } from "../i18n";
import { family } from "../office/office";
import { opensSecondsOf } from "../plan/opens";
import { plan } from "../state";
import { Alert } from "../ui/alert";
import { useCell } from "../ui/use-cell";
import { useNow } from "../ui/use-now";
import { DayFoot } from "../today/day-foot";
import { Greeting } from "../today/greeting";
import { SavedNotice } from "../today/saved-notice";
import { ChildCard } from "./child-card";
import { VisitCard } from "./visit-card";

const ASK_EVERY_MS = 30_000;

/** All children of a guardian, side by side: where each is now, and what comes next. */
export function FamilyScreen({ bundle }: { bundle: Bundle }) {
  const held = useCell(plan);
  const now = useNow(5_000);
  const status = useFamilyStatus();
  const opens = opensSecondsOf(held);
  const phones = [...new Set((held?.schools ?? []).map((school) => school.phone ?? "").filter(Boolean))];
  return (
    <section data-testid="family">
      <Greeting name={bundle.person.name} now={now} zone={held?.schools[0]?.time_zone ?? ""} />
      <SavedNotice />
      {bundle.sections.length > 0 && (
        <VisitCard bundle={bundle} plans={held?.schools ?? []} now={now} opens={opens} />
      )}
      {bundle.children.length === 0 && <Alert kind="info">{t("no_children")}</Alert>}
      <div class="children">
        {bundle.children.map((child) => (
          <ChildCard
            key={child.id} child={child} plans={held?.schools ?? []} now={now} opens={opens}
            known={status?.children.find((one) => one.id === child.id) ?? null}
          />
        ))}
      </div>
      <DayFoot phones={phones} watches />
    </section>
  );
}

/** The office's word on arrivals; the last good answer stays while the office is away. */
function useFamilyStatus(): FamilyStatus | null {
  const [status, setStatus] = useState<FamilyStatus | null>(null);
  useEffect(() => {
    const ask = () => void family().then(setStatus, () => null);
    ask();
    const timer = setInterval(ask, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return status;
}
