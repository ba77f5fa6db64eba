import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import type { Sitting } from "../plan/day";
import { bundle } from "../state";
import { Alert } from "../ui/alert";
import { sentence } from "../ui/code-text";
import { Link } from "../ui/link";
import { useCell } from "../ui/use-cell";
import { Alternates } from "./alternates";
import { LiveLoader } from "./live-loader";
import { StepLine } from "./step-line";
import { useJoining } from "./use-joining";

/** From the tap on Join to the class: one calm sentence at each step, and always what happens next. */
export function JoinScreen({ sitting }: { sitting: Sitting }) {
  const sub = useCell(bundle)?.person.id ?? "";
  const joining = useJoining(sitting, sub);
  const { ticket } = joining;
  if (ticket?.state === "live" && !joining.trouble)
    return <LiveLoader ticket={ticket} sitting={sitting} onNewTicket={joining.again} />;
  return (
    <section class="card narrow joining" data-testid="joining" data-state={joining.trouble ? "error" : (ticket?.state ?? "asking")}>
      <h1>{sitting.title}</h1>
      {joining.trouble ? (
        <Refused trouble={joining.trouble} again={joining.again} />
      ) : ticket?.state === "alternate" ? (
        <Alternates sitting={sitting} alternates={ticket.alternates ?? []} sub={sub} />
      ) : ticket?.state === "closed" ? (
        <p data-testid="closed">{t("class_closed")}</p>
      ) : ticket?.state === "wait" ? (
        <p data-testid="wait">{t("class_opens_at", { time: timeOf(ticket.opens_at, sitting.timeZone) })}</p>
      ) : (
        <>
          <StepLine step={joining.step} teacher={sitting.teachers[0] ?? ""} />
          {joining.allFailed && <Alternates sitting={sitting} alternates={sitting.alternates} sub={sub} />}
          {joining.allFailed && joining.step?.kind === "waiting" && !joining.step.busy && (
            <p>
              <button class="usa-button usa-button--outline" onClick={joining.tryNow} data-testid="try-now">{t("try_again")}</button>
            </p>
          )}
        </>
      )}
      <p>
        <Link to="/" class="usa-button usa-button--outline" testid="back-to-today">
          {t("back_to_today")}
        </Link>
      </p>
    </section>
  );
}

function Refused(props: { trouble: unknown; again: () => void }) {
  return (
    <>
      <Alert kind="warning" testid="join-refused">{sentence(props.trouble)}</Alert>
      <button class="usa-button" onClick={props.again}>{t("try_again")}</button>
    </>
  );
}
