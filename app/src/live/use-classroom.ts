import { useEffect, useRef, useState } from "preact/hooks";
import { sendEvidence } from "../background";
import { record } from "../evidence/queue";
import type { LiveProps } from "../joining/live-loader";
import { TriedNotes } from "../joining/tried";
import { fullJitter } from "../lib/jitter";
import { bundle, inClass } from "../state";
import { membersOf } from "../watch/members";
import { Classroom } from "./classroom";
import { follow } from "./follow";
import { looksAfter } from "./roles/roles";

const NEW_TICKET_BASE_MS = 500;
const NEW_TICKET_CAP_MS = 15_000;

/**
 * Open the class with a ticket's seats, and stay where its leading grown-up is; when no seat can be taken, ask for a
 * new ticket and go where that says.
 */
export function useClassroom({ ticket, sitting, section, onNewTicket }: LiveProps): Classroom {
  const { id: person, name } = bundle.value!.person;
  const asking = useRef<{ timer?: ReturnType<typeof setTimeout>; ask: () => void }>({ ask: onNewTicket });
  asking.current.ask = onNewTicket;
  const [classroom] = useState(() => {
    const members = (section ?? bundle.value?.sections.find((one) => one.id === sitting.section))?.members ?? [];
    const made: Classroom = new Classroom(person, name, sitting.id, members, looksAfter(sitting.role), () => {
      clearTimeout(asking.current.timer);
      const waitMs = fullJitter(made.failures.value, NEW_TICKET_BASE_MS, NEW_TICKET_CAP_MS);
      asking.current.timer = setTimeout(() => asking.current.ask(), waitMs);
    });
    return made;
  });
  const tried = useRef(new TriedNotes(person, sitting.id));

  useEffect(() => {
    clearTimeout(asking.current.timer);
    void classroom.connect(ticket.seats ?? [], (seat, trouble) => void tried.current.note(trouble, `live:${seat.node}`));
  }, [ticket]);

  useEffect(() => {
    inClass.set(true);
    const stop = follow(classroom, sitting.startsAt);
    if (!section) void membersOf(sitting.section).then((members) => members && classroom.learnMembers(members));
    return () => {
      inClass.set(false);
      stop();
      clearTimeout(asking.current.timer);
      void classroom.leave();
      void record({ kind: "left", sub: person, meeting: sitting.id, detail: { reason: "closed" } }, person).then(() =>
        sendEvidence({ office: false }),
      );
    };
  }, []);
  return classroom;
}
