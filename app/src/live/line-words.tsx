import { t } from "../i18n";
import { Alternates } from "../joining/alternates";
import type { Sitting } from "../plan/day";
import { Alert } from "../ui/alert";
import { useCell } from "../ui/use-cell";
import type { Classroom } from "./classroom";

/** What is going on with the line, in calm words; nothing while all is well. With no live server, where else the class is. */
export function LineWords({ classroom, sitting, onBack }: { classroom: Classroom; sitting: Sitting; onBack: () => void }) {
  const failures = useCell(classroom.failures);
  const line = useCell(classroom.line);
  if (line === "open" || line === "left") return null;
  if (line === "elsewhere")
    return (
      <Alert kind="info" testid="live-line">
        {t("live_elsewhere")} <button class="usa-button" onClick={onBack}>{t("live_back_here")}</button>
      </Alert>
    );
  if (failures > 0)
    return (
      <>
        <Alert kind="info" testid="live-line">{t("live_lost")}</Alert>
        <div class="card elsewhere">
          <Alternates sitting={sitting} alternates={sitting.alternates} sub={classroom.me} />
        </div>
      </>
    );
  return <Alert kind="info" testid="live-line">{words(classroom, sitting)}</Alert>;
}

function words(classroom: Classroom, sitting: Sitting): string {
  const line = classroom.line.value;
  if (line === "connecting") return t("live_connecting");
  if (line === "reconnecting") return t("live_reconnecting");
  if (line !== "moving") return t("live_lost");
  if (classroom.going.value) return t(classroom.going.value === "group" ? "groups_going" : "groups_coming_back");
  const name = leader(classroom, sitting);
  return name ? t("place_moving", { name }) : t("place_moving_adult");
}

/** As the child calls her: of a class's only teacher the name of the plan, else the name of the class list. */
function leader(classroom: Classroom, sitting: Sitting): string {
  const member = classroom.members.find((one) => one.id === classroom.following.value);
  const teachers = classroom.members.filter((one) => one.role === "teacher");
  if (member?.role === "teacher" && teachers.length === 1 && sitting.teachers.length === 1) return sitting.teachers[0]!;
  return member?.name ?? "";
}
