import { useEffect, useRef, useState } from "preact/hooks";
import { BackHere } from "../detour/back-here";
import { MovedNote } from "../detour/moved-note";
import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import { hasEnded } from "../live/ending/ended-here";
import type { Sitting } from "../plan/day";
import { bundle } from "../state";
import { Alert } from "../ui/alert";
import { sentence } from "../ui/code-text";
import { Link } from "../ui/link";
import { useCell } from "../ui/use-cell";
import { Alternates } from "./alternates";
import { LiveLoader } from "./live-loader";
import { StepLine } from "./step-line";
import { type Joining as Stand, useJoining } from "./use-joining";

const LAGS_MS = 10_000;
const LAGS_TRIES_AT_MOST = 12;

/** A class that its grown-up ended is over; who is not sure may look. */
export function JoinScreen({ sitting }: { sitting: Sitting }) {
  const [ended, setEnded] = useState(sitting.role === "student" && hasEnded(sitting.id));
  if (ended)
    return (
      <section class="card narrow" data-testid="ended-here">
        <h1>{sitting.title}</h1>
        <p>{t("class_closed")}</p>
        <p><Link to="/" class="usa-button">{t("back_to_today")}</Link></p>
        <p><button class="usa-button usa-button--outline" data-testid="look-again" onClick={() => setEnded(false)}>{t("try_again")}</button></p>
      </section>
    );
  return <Joining sitting={sitting} />;
}

/** From the tap on Join to the class: one calm sentence at each step, and always what happens next. */
function Joining({ sitting }: { sitting: Sitting }) {
  const sub = useCell(bundle)?.person.id ?? "";
  const joining = useJoining(sitting, sub);
  const { ticket } = joining;
  const elsewhere = sitting.pathway !== "live";
  const live = ticket?.state === "live" && !joining.trouble ? ticket : null;
  // Who is in class when it moves stays there, with a banner, until she goes. Who was sent elsewhere comes back by a tap:
  // her camera may be busy there.
  const [inside, setInside] = useState(false);
  const sent = useRef(false);
  useEffect(() => {
    if (live && !elsewhere && !sent.current) setInside(true);
  }, [live, elsewhere]);
  useDoorThatLags(joining, ticket?.state === "alternate" && ticket.pathway !== "live" && !elsewhere && !sent.current);
  if (elsewhere && !inside) sent.current = true;
  if (live && (inside || !sent.current))
    return <LiveLoader ticket={live} sitting={sitting} onNewTicket={joining.again} onGone={() => setInside(false)} />;
  const open = !joining.trouble && ticket?.state !== "closed" && ticket?.state !== "wait";
  if (open && sent.current && !elsewhere)
    return <BackHere sitting={sitting} onJoin={() => { sent.current = false; setInside(true); joining.again(); }} />;
  return (
    <section class="card narrow joining" data-testid="joining" data-state={joining.trouble ? "error" : (ticket?.state ?? "asking")}>
      <h1>{sitting.title}</h1>
      {joining.trouble ? (
        <Refused trouble={joining.trouble} again={joining.again} />
      ) : open && elsewhere ? (
        // The plan says so already: nobody waits for a door to say it too.
        <>
          <MovedNote sitting={sitting} />
          <Alternates sitting={sitting} alternates={sitting.alternates} sub={sub} />
        </>
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

/** The plan says that the class is here, a door still sends her elsewhere: it hears of the plan a little later. */
function useDoorThatLags(joining: Stand, lags: boolean): void {
  const tries = useRef(0);
  useEffect(() => {
    if (!lags || tries.current >= LAGS_TRIES_AT_MOST) return;
    tries.current += 1;
    const timer = setTimeout(joining.again, LAGS_MS * (0.5 + Math.random()));
    return () => clearTimeout(timer);
  }, [lags, joining.ticket]);
}

function Refused(props: { trouble: unknown; again: () => void }) {
  return (
    <>
      <Alert kind="warning" testid="join-refused">{sentence(props.trouble)}</Alert>
      <button class="usa-button" onClick={props.again} data-testid="join-again">{t("try_again")}</button>
    </>
  );
}
