import type { Bundle } from "../contracts";
import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import { dayState, sittings } from "../plan/day";
import { opensSecondsOf } from "../plan/opens";
import { plan } from "../state";
import { JoinButton } from "../today/join-button";
import { PlanBLink } from "../today/plan-b-link";
import { Alert } from "../ui/alert";
import { Link } from "../ui/link";
import { useCell } from "../ui/use-cell";
import { useNow } from "../ui/use-now";
import { AloneCards } from "../watch/alone-cards";
import { ClassList } from "./class-list";

/** A teacher's class list outside the live class: before it, and after it with the register to look over. */
export function ClassScreen({ bundle, section: id }: { bundle: Bundle; section: string }) {
  const held = useCell(plan);
  const now = useNow(5_000);
  const section = bundle.sections.find((one) => one.id === id && (one.role === "teacher" || one.role === "aide"));
  if (!section) return <Alert kind="info">{t("not_here")}</Alert>;
  const opens = opensSecondsOf(held);
  const day = dayState(sittings([section], held?.schools ?? []), now, opens);
  // After the last sitting of the day its register is still here to look over.
  const sitting = day.current ?? day.today.at(-1);
  return (
    <section class="class-screen" data-testid="class-screen">
      <p><Link to="/">{t("back_to_today")}</Link></p>
      <AloneCards />
      <h1>{section.title}</h1>
      {sitting ? (
        <>
          <p class="quiet">{timeOf(sitting.startsAt, sitting.timeZone)}–{timeOf(sitting.endsAt, sitting.timeZone)}</p>
          {now < sitting.endsAt && <JoinButton sitting={sitting} now={now} opens={opens} />}
        </>
      ) : (
        <Alert kind="info">{t("no_classes_today")}</Alert>
      )}
      <PlanBLink section={section.id} role={section.role} />
      <ClassList section={section} sitting={sitting} />
    </section>
  );
}
