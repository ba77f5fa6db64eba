import { useEffect } from "preact/hooks";
import { type Key, t } from "../../../i18n";
import { personOf } from "../../../lib/ids";
import { isPractice } from "../../../plan/practice";
import { Alert } from "../../../ui/alert";
import { useCell } from "../../../ui/use-cell";
import { useNow } from "../../../ui/use-now";
import type { Classroom } from "../../classroom";
import type { MenuProps, Tool, ToolProps } from "../../tool";
import { allowed, askWhetherAllowed } from "./allowed";
import { OnTheirWay } from "./on-their-way";
import { Recorder, type Why } from "./recorder";
import { RECORDING } from "./rule";
import { uploadRecordings } from "./upload";
import { recordedOf } from "./who";

const PANEL = "recording";
const LOOK_EVERY_MS = 5_000;
// Whose line was gone for so long does not record any more, or not for this class.
const GONE_LOOKS = 6;

const recorders = new WeakMap<Classroom, Recorder>();

function recorderOf({ classroom, sitting }: ToolProps): Recorder {
  const known = recorders.get(classroom) ?? new Recorder(classroom, sitting);
  recorders.set(classroom, known);
  return known;
}

function start(props: ToolProps): () => void {
  const { classroom } = props;
  if (!classroom.leads) return () => {};
  const recorder = recorderOf(props);
  const rule = classroom.steering.cell(RECORDING);
  void askWhetherAllowed().catch(() => null); // the office is away: its last word holds
  const off = (): void => void classroom.steering.set(RECORDING, { on: false, since: 0, by: classroom.room.localParticipant.identity });
  let gone = 0;
  const look = (): void => {
    void uploadRecordings().catch(() => null); // tried again at the next turn; what waits is on the screen
    const { on, by } = rule.value;
    if (!on || classroom.line.value !== "open") return void (gone = 0);
    // This device did, before it was loaded again; or one that is not here any more.
    if (by === classroom.room.localParticipant.identity) return void (!recorder.running && off());
    gone = classroom.room.remoteParticipants.has(by) ? 0 : gone + 1;
    if (classroom.leading.value && gone >= GONE_LOOKS) off();
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  const stopWatching = rule.watch(look);
  look();
  return () => {
    clearInterval(timer);
    stopWatching();
    void recorder.stop();
  };
}

/** The sign: for everybody, at once, and for as long as it runs. */
function Banner(props: ToolProps) {
  const { classroom } = props;
  const { on, by } = useCell(classroom.steering.cell(RECORDING));
  const mine = on && by === classroom.room.localParticipant.identity;
  return (
    <>
      {/* Always there, so that a screen reader hears when it changes. */}
      <div class="usa-sr-only" role="status">{on ? t("recording_sign") : ""}</div>
      {on && (
        <div class="recording-sign" data-testid="recording-sign">
          <span class="recording-dot" aria-hidden="true" />
          <span>{t("recording_sign")}</span>
          {mine && <Controls {...props} />}
        </div>
      )}
      {classroom.leads && <Words recorder={recorderOf(props)} />}
    </>
  );
}

function Controls(props: ToolProps) {
  const recorder = recorderOf(props);
  const phase = useCell(recorder.phase);
  const bytes = useCell(recorder.bytes);
  useNow();
  const seconds = Math.floor(recorder.seconds);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return (
    <span class="recording-controls" data-testid="recording-controls" data-phase={phase}>
      <span data-testid="recording-time">{time} · {t("recording_size", { size: Math.ceil(bytes / 1e6) })}</span>
      {phase === "paused" ? (
        <button class="usa-button usa-button--outline" data-testid="recording-resume" onClick={() => recorder.resume()}>{t("recording_resume")}</button>
      ) : (
        <button class="usa-button usa-button--outline" data-testid="recording-pause" onClick={() => recorder.pause()}>{t("recording_pause")}</button>
      )}
      <button class="usa-button" data-testid="recording-stop" onClick={() => void recorder.stop()}>{t("recording_stop")}</button>
    </span>
  );
}

const WHY: Record<Exclude<Why, "">, Key> = {
  no_line: "recording_no_line", other_records: "recording_other_records", full: "recording_full",
  nearly_full: "recording_nearly_full", not_here: "recording_not_here",
};

/** What went wrong. */
function Words({ recorder }: { recorder: Recorder }) {
  const trouble = useCell(recorder.trouble);
  return trouble ? <Alert kind="warning" testid="recording-trouble">{t(WHY[trouble])}</Alert> : null;
}

function Panel(props: ToolProps) {
  const { classroom } = props;
  const recorder = recorderOf(props);
  const phase = useCell(recorder.phase);
  const rule = useCell(classroom.steering.cell(RECORDING));
  const may = useCell(allowed);
  useCell(classroom.tiles);
  useEffect(() => {
    void askWhetherAllowed().catch(() => null); // its last word holds
  }, []);
  const name = (sub: string): string => classroom.members.find((one) => one.id === sub)?.name ?? t("recording_a_student");
  const left = recordedOf(classroom.room, classroom.members, false).leftOut.map(name);
  return (
    <section data-testid="recording-panel">
      <div class="side-head">
        <h2>{t("recording_title")}</h2>
        <button class="usa-button usa-button--unstyled" onClick={() => classroom.panel.set("")}>{t("close")}</button>
      </div>
      <p>{t("recording_what")}</p>
      <p data-testid="recording-left-out">{left.length > 0 ? t("recording_left_out", { names: left.join(", ") }) : t("recording_nobody_left_out")}</p>
      {!may && <Alert kind="info" testid="recording-not-allowed">{t("recording_not_allowed")}</Alert>}
      {rule.on && rule.by !== classroom.room.localParticipant.identity && <Alert kind="info">{t("recording_by_other", { name: name(personOf(rule.by)) })}</Alert>}
      {may && !rule.on && (
        <button class="usa-button" data-testid="recording-start" disabled={phase !== "off"} onClick={() => void recorder.start()}>{t("recording_start")}</button>
      )}
      <OnTheirWay />
      <p><a class="usa-link" href="/office/recordings/" target="_blank" rel="noopener noreferrer">{t("recording_all")}</a></p>
    </section>
  );
}

/** Only who teaches the class brings recordings of it: the office takes no one else's, and of a practice class nobody's. */
function Menu({ classroom, sitting, close }: MenuProps) {
  if (sitting.role !== "teacher" || isPractice(sitting.id)) return null;
  return (
    <button
      class="usa-button usa-button--outline" data-testid="recording-menu"
      onClick={() => {
        classroom.panel.set(PANEL);
        close();
      }}
    >
      {t("recording_title")}
    </button>
  );
}

export const recordingTool: Tool = { id: PANEL, start, Banner, Panel, Menu, menuGroup: "lesson" };
