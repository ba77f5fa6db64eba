import { useEffect, useRef, useState } from "preact/hooks";
import { sendEvidence } from "../background";
import { record } from "../evidence/queue";
import { t } from "../i18n";
import type { LiveProps } from "../joining/live-loader";
import { TriedNotes } from "../joining/tried";
import { fullJitter } from "../lib/jitter";
import { bundle, inClass } from "../state";
import { Classroom } from "./classroom";

const NEW_TICKET_BASE_MS = 500;
const NEW_TICKET_CAP_MS = 15_000;

/** Open the class with a ticket's seats; when the live server is lost, ask for a new ticket and go where that says. */
export function useClassroom({ ticket, sitting, onNewTicket }: LiveProps): Classroom {
  const person = bundle.value!.person.id;
  const [classroom] = useState(() => {
    const members = bundle.value?.sections.find((one) => one.id === sitting.section)?.members ?? [];
    return new Classroom(person, members, t("someone"));
  });
  const tried = useRef(new TriedNotes(person, sitting.id));

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const newTicket = (): void => {
      clearTimeout(timer);
      timer = setTimeout(onNewTicket, fullJitter(classroom.failures.value, NEW_TICKET_BASE_MS, NEW_TICKET_CAP_MS));
    };
    classroom
      .connect(ticket.seats ?? [], (seat, trouble) => void tried.current.note(trouble, `live:${seat.node}`))
      .then(
        () => classroom.failures.set(0),
        () => {
          classroom.failures.set(classroom.failures.value + 1);
          newTicket();
        },
      );
    const stop = classroom.line.watch(() => classroom.line.value === "lost" && newTicket());
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [ticket]);

  useEffect(() => {
    inClass.set(true);
    return () => {
      inClass.set(false);
      void classroom.leave();
      void record({ kind: "left", sub: person, meeting: sitting.id, detail: { reason: "closed" } }, person).then(() =>
        sendEvidence({ office: false }),
      );
    };
  }, []);
  return classroom;
}
