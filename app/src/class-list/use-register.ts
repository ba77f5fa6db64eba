import { useEffect, useState } from "preact/hooks";
import { sendEvidence } from "../background";
import type { RegisterEntry, RegisterStatus } from "../contracts";
import { record } from "../evidence/queue";
import { register } from "../office/office";
import { dateIn, type Sitting } from "../plan/day";
import { bundle } from "../state";

// Of all teachers of a district at once: the office is asked softly, and not in step.
const ASK_EVERY_MS = 30_000 + 15_000 * Math.random();

export interface Marks {
  /** What stands in the register, a teacher's own new marks laid over it. */
  entries: ReadonlyMap<string, RegisterEntry>;
  mark: (sub: string, status: RegisterStatus, minutes?: number) => Promise<void>;
}

/** The register of one meeting, and a teacher's marks in it. A mark is evidence: it waits here until it is confirmed. */
export function useRegister(sitting: Sitting | undefined): Marks {
  const [entries, setEntries] = useState<Map<string, RegisterEntry>>(new Map());
  const [mine, setMine] = useState<Map<string, RegisterStatus>>(new Map());

  useEffect(() => {
    if (!sitting) return;
    const ask = async (): Promise<void> => {
      const read = await register(sitting.section, dateIn(sitting.timeZone, sitting.startsAt));
      const meeting = read.meetings.find((one) => one.id === sitting.id);
      setEntries(new Map(meeting?.entries.map((entry) => [entry.sub, entry])));
    };
    const quietly = () => void ask().catch(() => null); // what was read last stays on the screen
    quietly();
    const timer = setInterval(quietly, ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [sitting?.id]);

  async function mark(sub: string, status: RegisterStatus, minutes?: number): Promise<void> {
    const by = bundle.value?.person.id;
    if (!sitting || !by) return;
    const detail = { status, ...(minutes === undefined ? {} : { minutes: String(minutes) }) };
    await record({ kind: "teacher_mark", sub, meeting: sitting.id, by, detail }, by);
    setMine((before) => new Map(before).set(sub, status));
    void sendEvidence();
  }

  return { entries: overlay(entries, mine), mark };
}

function overlay(entries: Map<string, RegisterEntry>, mine: Map<string, RegisterStatus>): Map<string, RegisterEntry> {
  const all = new Map(entries);
  for (const [sub, mark] of mine) all.set(sub, { status: "", minutes_tardy: null, ...all.get(sub), sub, mark });
  return all;
}
