import { clock } from "../../lib/clock";
import { personOf } from "../../lib/ids";
import type { Note } from "../notes";
import type { ToolProps } from "../tool";
import { hear, keepHeard, VOICE_COUNTS_FROM_MS } from "./heard";
import { keepNote, sendSoon } from "./outbox";
import { speakingIn } from "./speaking";
import { TookPart } from "./took-part";

const LOOK_EVERY_MS = 1_000;
// A tab that is closed loses what was not noted yet.
const SPOKE_EVERY_MS = 60_000;
// The leading grown-up's device has sent long before; another of them sends what may be missing, not all at once.
const OTHERS_AFTER_MS = 4 * 60_000;
const OTHERS_SPREAD_MS = 3 * 60_000;
const HEARD_BY: ReadonlySet<string> = new Set(["hand", "answer", "chat"]);

/** What each device does for the record of its class: a student's tells that she took part, a grown-up's notes all. */
export function keepRecord(props: ToolProps): () => void {
  return props.classroom.leads ? noteAll(props) : tellMine(props);
}

function tellMine({ classroom, sitting }: ToolProps): () => void {
  const part = new TookPart(classroom.me, sitting.id);
  const did = (what: "hand" | "chat") => void part.did(what);
  const stops = [
    classroom.notes.read((note) => void part.note(note)),
    classroom.hands.watch(() => classroom.hands.value.includes(classroom.me) && did("hand")),
    classroom.chat.watch(() => classroom.chat.value.some((one) => one.sub === classroom.me) && did("chat")),
  ];
  return () => stopAll(stops);
}

function noteAll({ classroom, sitting }: ToolProps): () => void {
  const { me: owner } = classroom;
  const where = { owner, meeting: sitting.id, section: sitting.section };
  const speaking = speakingIn(classroom);
  const keep = (note: Note): void => {
    if (HEARD_BY.has(note.kind)) hear(classroom, note.sub, note.at);
    const wait = classroom.leading.value ? 0 : OTHERS_AFTER_MS + Math.random() * OTHERS_SPREAD_MS;
    void keepNote(note, { ...where, due: clock.now() + wait });
  };
  const noteSpoke = (): void => {
    const at = clock.now();
    // Only the device that leads: two who add up would tell of the same words twice.
    for (const { sub, seconds } of speaking.take())
      if (classroom.leading.value) keep({ kind: "spoke", key: `spoke:${owner}:${Math.round(at)}:${sub}`, sub, at, body: { seconds } });
  };
  const look = (): void => {
    const open = classroom.line.value === "open" ? classroom.room.activeSpeakers : [];
    speaking.look(open.map((one) => personOf(one.identity)), clock.ticks());
    for (const one of open) {
      const sub = personOf(one.identity);
      if (speaking.totalMs(sub) >= VOICE_COUNTS_FROM_MS) hear(classroom, sub, clock.now());
    }
  };
  addEventListener("pagehide", noteSpoke);
  const timers = [setInterval(look, LOOK_EVERY_MS), setInterval(noteSpoke, SPOKE_EVERY_MS * (0.9 + Math.random() / 5))];
  const stops = [
    keepHeard(classroom),
    classroom.notes.read(keep),
    classroom.hands.watch(() => classroom.hands.value.forEach((sub) => hear(classroom, sub, clock.now()))),
    classroom.chat.watch(() => classroom.chat.value.forEach((one) => hear(classroom, one.sub, one.at))),
    classroom.leading.watch(() => classroom.leading.value && void sendSoon(owner, sitting.id)),
  ];
  return () => {
    for (const timer of timers) clearInterval(timer);
    removeEventListener("pagehide", noteSpoke);
    noteSpoke();
    stopAll(stops);
    void sendSoon(owner, sitting.id);
  };
}

function stopAll(stops: readonly (() => void)[]): void {
  for (const stop of stops) stop();
}
