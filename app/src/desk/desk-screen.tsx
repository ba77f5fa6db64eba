import type { Bundle } from "../contracts";
import { t } from "../i18n";
import { timeOf } from "../i18n/dates";
import { plan } from "../state";
import { Alert } from "../ui/alert";
import { Link } from "../ui/link";
import { useCell } from "../ui/use-cell";
import { useNow } from "../ui/use-now";
import { BarList } from "./bar-list";
import { ChangesList } from "./changes-list";
import { InForceList } from "./in-force-list";
import { Layers } from "./layers";
import { bars } from "./merge";
import { Plot } from "./plot";
import { TruthLine } from "./truth-line";
import { useDesk } from "./use-desk";
import { Verdict } from "./verdict";

const SILENT_SECONDS = 45;

/** The operator's desk: the bell as the doors know it, the layers as the probes saw them. Never asks the office. */
export function DeskScreen({ bundle }: { bundle: Bundle }) {
  const desk = useDesk();
  const now = useNow(5000);
  const held = useCell(plan);
  const zone = held?.schools[0]?.time_zone ?? "";
  const names = new Map((desk.index ?? held?.index)?.schools.map((school) => [school.org, school.name]));
  const { truth } = desk;
  const groups = truth?.groups ?? [];
  const fresh = truth !== null && now - desk.at <= SILENT_SECONDS; // of a bell that is old nobody knows whether school is on
  const district = bundle.person.kind === "operator";
  return (
    <section class="desk" data-testid="desk">
      <div class="desk-head">
        <h1>{t("desk_title")}</h1>
        <Link to="/">{t("back_to_today")}</Link>
      </div>
      <Verdict truth={fresh ? truth : null} report={desk.report} at={desk.at} zone={zone} />
      {!fresh && <State desk={desk} now={now} zone={zone} />}
      {truth && <TruthLine truth={truth} zone={zone} downMinutes={desk.downMinutes} fresh={fresh} />}
      {fresh && <State desk={desk} now={now} zone={zone} />}
      {district && (
        <nav class="desk-acts" aria-label={t("desk_acts")}>
          <a class="usa-button" href="/office/detours/new/">{t("desk_detour")}</a>
          <a class="usa-button usa-button--outline" href="/office/notices/new/">{t("desk_notice")}</a>
          <a class="usa-button usa-button--outline" href="/office/incidents/new/">{t("desk_incident")}</a>
        </nav>
      )}
      <div class="desk-board">
        <BarList title={t("desk_by_band")} bars={bars(groups, (one) => bandName(one.band))} testid="desk-bands" />
        <Layers report={desk.report} now={now} zone={zone} />
        {truth && truth.expected > 0 && (
          <section class="card">
            <h2>{t("desk_arrivals")}</h2>
            <Plot arrivals={truth.arrivals} expected={truth.expected} arrived={truth.arrived} at={desk.at} zone={zone} />
          </section>
        )}
        <div class="card">
          <InForceList all={desk.inForce} zone={zone} />
          <ChangesList changes={desk.changes} zone={zone} />
        </div>
        <BarList title={t("desk_by_school")} bars={bars(groups, (one) => names.get(one.org) ?? one.org)} testid="desk-schools" />
      </div>
    </section>
  );
}

const bandName = (band: string): string => (band === "all" ? t("desk_no_band") : band);

/** What is missing, in words: nothing yet, no door, some doors, nobody expected. */
function State({ desk, now, zone }: { desk: ReturnType<typeof useDesk>; now: number; zone: string }) {
  if (!desk.looked) return <p class="card" role="status">{t("desk_looking")}</p>;
  if (desk.noPass) return <Alert kind="info" testid="desk-no-pass">{t("desk_no_pass")}</Alert>;
  if (desk.refused) return <Alert kind="info" testid="desk-refused">{t("desk_not_yours")}</Alert>;
  if (!desk.truth) return <Alert kind="warning" testid="desk-no-door">{t("desk_no_door")}</Alert>;
  if (now - desk.at > SILENT_SECONDS)
    return <Alert kind="warning" testid="desk-silent">{t("desk_silent", { time: timeOf(desk.at, zone) })}</Alert>;
  if (desk.truth.doors.length < desk.doors)
    return <Alert kind="info" testid="desk-some-doors">{t("desk_some_doors", { there: desk.truth.doors.length, all: desk.doors })}</Alert>;
  if (desk.truth.expected === 0) return <Alert kind="info" testid="desk-empty">{t("desk_empty")}</Alert>;
  return null;
}
