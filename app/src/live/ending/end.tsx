import { t } from "../../i18n";
import { timeOf } from "../../i18n/dates";
import { clock, nowSeconds } from "../../lib/clock";
import { go } from "../../lib/route";
import type { Sitting } from "../../plan/day";
import { sittingsToday } from "../../state";
import { useCell } from "../../ui/use-cell";
import { useNow } from "../../ui/use-now";
import type { Classroom } from "../classroom";
import { deskOf as groupsDesk } from "../groups/of-classroom";
import type { ToolProps } from "../tool";
import { noteEnded } from "./ended-here";
import { emptyPlace } from "./room-service";
import { ENDED } from "./rules";

export const UNDO_MS = 10_000;
// By then every device that still listens has left by itself: it is "left", not "removed".
const GRACE_MS = 8_000;
// Who comes back hears within two seconds that class is over; who stays longer than one such turn does not listen.
const LOOK_EVERY_MS = 5_000;

export const endForAll = (classroom: Classroom): Promise<void> => classroom.steering.set(ENDED, Math.round(clock.now() + UNDO_MS));
const notYet = (classroom: Classroom): Promise<void> => classroom.steering.set(ENDED, 0);

/** Act on the end of the class when its moment has come; returns how to stop. */
export function watchEnd({ classroom, sitting }: ToolProps): () => void {
  const rule = classroom.steering.cell(ENDED);
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let stopKeeping = (): void => {};
  const stopTimers = (): void => {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
    stopKeeping();
  };
  const heard = (): void => {
    stopTimers();
    if (rule.value === 0) return;
    const inMs = Math.max(0, rule.value - clock.now());
    timers.add(setTimeout(() => ended(classroom, sitting, rule.value), inMs));
    if (classroom.leads) timers.add(setTimeout(() => (stopKeeping = keepEmpty(classroom, sitting)), inMs + GRACE_MS));
  };
  const stopWatching = rule.watch(heard);
  heard();
  return () => {
    stopTimers();
    stopWatching();
  };
}

function ended(classroom: Classroom, sitting: Sitting, at: number): void {
  classroom.notes.write({ kind: "ended", key: `ended:${at}`, sub: "", at, body: {} });
  if (classroom.leads) return;
  noteEnded(sitting.id);
  void classroom.leave();
}

/**
 * Empty the place, and keep it so for as long as a grown-up is here: a seat of before is good until its token ends, and a
 * client that does not listen comes back with it. Returns how to stop.
 */
function keepEmpty(classroom: Classroom, sitting: Sitting): () => void {
  let before = new Set<string>();
  const look = (): void => {
    const here = new Set(classroom.tiles.value.filter((one) => !one.self && one.role === "student").flatMap((one) => one.devices));
    if ([...here].some((one) => before.has(one))) void close(classroom, sitting);
    before = here;
  };
  void close(classroom, sitting);
  const timer = setInterval(look, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

/** Whoever is left on any server of this class, or in a group of it, is taken out by one grown-up's device. */
async function close(classroom: Classroom, sitting: Sitting): Promise<void> {
  if (!classroom.leading.value || !classroom.seat) return;
  const seats = [classroom.seat, ...classroom.otherSeats(), ...groupsDesk(classroom, sitting).seatsInGroups];
  await Promise.allSettled(seats.map(emptyPlace));
}

/** The last ten seconds, and what comes after them. */
export function EndBanner({ classroom, sitting }: ToolProps) {
  const at = useCell(classroom.steering.cell(ENDED));
  const now = useNow(500);
  const left = Math.ceil((at - clock.now()) / 1000);
  if (at === 0) return now >= sitting.endsAt ? <p class="ending-hint" role="status" data-testid="bell-rang">{t("ending_bell")}</p> : null;
  if (left > 0)
    return (
      <div class="moved-banner" role="alert" data-testid="ending-soon">
        <p class="who">{t("ending_in", { count: left })}</p>
        {classroom.leads && <button class="usa-button" data-testid="not-yet" onClick={() => void notYet(classroom)}>{t("ending_not_yet")}</button>}
      </div>
    );
  if (!classroom.leads) return <Goodbye sitting={sitting} />;
  return (
    <div class="moved-banner" role="status" data-testid="class-ended">
      <p class="who">{t("ending_over_for_all")}</p>
      <button class="usa-button" data-testid="leave-ended" onClick={() => go("/")}>{t("leave")}</button>
      <button class="usa-button usa-button--outline" data-testid="open-again" onClick={() => void notYet(classroom)}>{t("ending_open_again")}</button>
    </div>
  );
}

/** A warm word, and what comes next today. */
function Goodbye({ sitting }: { sitting: Sitting }) {
  const next = sittingsToday().find((one) => one.id !== sitting.id && one.startsAt >= Math.min(sitting.endsAt, nowSeconds()) && one.endsAt > nowSeconds());
  return (
    <section class="ending-page" data-testid="goodbye" role="alert">
      <div class="card narrow">
        <h2>{t("ending_goodbye")}</h2>
        <p>{next ? t("ending_next", { title: next.title, time: timeOf(next.startsAt, next.timeZone) }) : t("ending_last")}</p>
        <button class="usa-button usa-button--big" data-testid="goodbye-today" onClick={() => go("/")}>{t("back_to_today")}</button>
      </div>
    </section>
  );
}
