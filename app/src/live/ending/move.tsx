import { useState } from "preact/hooks";
import type { Alternate } from "../../contracts";
import { placeName } from "../../detour/place";
import { t } from "../../i18n";
import { Alternates } from "../../joining/alternates";
import { Cell } from "../../lib/cell";
import { clock } from "../../lib/clock";
import { has } from "../../lib/request";
import { post } from "../../office/office";
import type { Sitting } from "../../plan/day";
import { daySession } from "../../state";
import { useCell } from "../../ui/use-cell";
import type { Classroom } from "../classroom";
import type { ToolProps } from "../tool";
import { MOVED, type Moved } from "./rules";

export const MOVE_PANEL = "move";
export const WENT_TOPIC = "went";

/** Subs that said they went, by class; on grown-ups' devices. */
const went = new WeakMap<Classroom, Cell<ReadonlySet<string>>>();

export function wentOf(classroom: Classroom): Cell<ReadonlySet<string>> {
  const known = went.get(classroom) ?? new Cell<ReadonlySet<string>>(new Set());
  went.set(classroom, known);
  return known;
}

/** Count who goes; returns how to stop. */
export function watchMove({ classroom }: ToolProps): () => void {
  const rule = classroom.steering.cell(MOVED);
  const counted = wentOf(classroom);
  const stops = [
    classroom.wire.on(WENT_TOPIC, (_value, from) => {
      const { kind, at } = rule.value;
      if (!kind || from.adult !== null) return;
      counted.set(new Set(counted.value).add(from.sub));
      classroom.notes.write({ kind: "moved", key: `moved:${at}:${from.sub}`, sub: from.sub, at: clock.now(), body: { kind } });
    }),
    rule.watch(() => {
      counted.set(new Set());
      const { kind, at } = rule.value;
      classroom.notes.write({ kind: "moved", key: `moved:${at}`, sub: "", at: clock.now(), body: { kind } });
    }),
  ];
  return () => stops.forEach((stop) => stop());
}

/** One tap: every device in class shows it, and the office, when it is up, sends latecomers there too. */
async function move(classroom: Classroom, sitting: Sitting, to: Alternate | null): Promise<void> {
  const by = classroom.room.localParticipant.identity;
  await classroom.steering.set(MOVED, { kind: to?.kind ?? "", url: to?.url ?? "", label: to?.label ?? "", at: Math.round(clock.now()), by } as Moved);
  const body = { section: sitting.section, meeting: sitting.id, pathway: to?.kind ?? "", back: to === null };
  // Without the office this device, which stays in class, tells who comes late.
  await post("/api/class-moves", body, daySession(), has<{ published: boolean }>("published")).catch(() => null);
}

export function MovePanel({ classroom, sitting }: ToolProps) {
  return (
    <section data-testid="move-panel">
      <div class="side-head">
        <h2>{t("ending_move")}</h2>
        <button class="usa-button usa-button--unstyled" onClick={() => classroom.panel.set("")}>{t("close")}</button>
      </div>
      <p>{t("ending_move_what")}</p>
      {sitting.alternates.map((one) => (
        <p key={one.url}>
          <button
            class="usa-button usa-button--outline" data-testid="move-to" data-kind={one.kind}
            onClick={() => {
              classroom.panel.set("");
              void move(classroom, sitting, one);
            }}
          >
            {t("ending_move_to", { place: one.label || placeName(one.kind) })}
          </button>
        </p>
      ))}
    </section>
  );
}

export function MoveBanner(props: ToolProps) {
  const { classroom, sitting } = props;
  const moved = useCell(classroom.steering.cell(MOVED));
  const counted = useCell(wentOf(classroom)).size;
  const tiles = useCell(classroom.tiles);
  const [away, setAway] = useState(false);
  // The plan says it too by now: then the banner that every moved class has is there.
  const here = moved.kind !== "" && sitting.pathway === "live";
  const place = moved.kind && (moved.label || placeName(moved.kind));
  if (classroom.leads) {
    if (!moved.kind) return null;
    const students = new Set([...tiles.filter((one) => one.role === "student").map((one) => one.sub), ...wentOf(classroom).value]).size;
    return (
      <div class="moved-banner" role="status" data-testid="moving" data-went={counted}>
        <p class="who">{t("ending_moving", { place, went: counted, all: students })}</p>
        {here && <Alternates sitting={sitting} alternates={[{ kind: moved.kind, url: moved.url, label: moved.label }]} sub={classroom.me} words="" />}
        <button class="usa-button usa-button--outline" data-testid="back-here-all" onClick={() => void move(classroom, sitting, null)}>{t("ending_back_here")}</button>
      </div>
    );
  }
  if (!moved.kind && away)
    return (
      <section class="ending-page" role="alert" data-testid="class-is-back">
        <div class="card narrow">
          <h2>{t("ending_is_back")}</h2>
          <button class="usa-button usa-button--big" data-testid="come-back" onClick={() => { rest(classroom, false); setAway(false); }}>{t("join")}</button>
        </div>
      </section>
    );
  if (!here || !moved.kind) return null;
  return (
    <section class="ending-page" role="alert" data-testid="class-goes" data-away={away}>
      <div class="card narrow">
        <h2>{t("ending_goes", { place })}</h2>
        {away && <p>{t("ending_waits_here")}</p>}
        <Alternates
          sitting={sitting} alternates={[{ kind: moved.kind, url: moved.url, label: moved.label }]} sub={classroom.me} words=""
          onOpened={() => {
            setAway(true);
            rest(classroom, true);
            // Evidence tells it for good; this is for the teacher's eyes now.
            void classroom.wire.send(WENT_TOPIC, {}).catch(() => null);
          }}
        />
      </div>
    </section>
  );
}

/** Two places at once would fight for the camera and talk over each other: here it is silent while she is there. */
function rest(classroom: Classroom, resting: boolean): void {
  const { room } = classroom;
  for (const one of room.remoteParticipants.values()) one.setVolume(resting ? 0 : 1);
  if (!resting) return;
  void room.localParticipant.setMicrophoneEnabled(false).catch(() => null);
  void room.localParticipant.setCameraEnabled(false).catch(() => null);
}
