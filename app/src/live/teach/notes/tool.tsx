import { useEffect, useRef, useState } from "preact/hooks";
import { language, t } from "../../../i18n";
import type { Tool, ToolProps } from "../../tool";
import { TeachPanel } from "../panel";
import { allWords, giveWords, keepWords, type OwnWords, wordsAtOffice } from "./own-words";

const GIVE_AFTER_MS = 1_500;
const TEXT_AT_MOST_LETTERS = 20_000;

/** The teacher's own words beside the class: nobody else sees them. */
function NotesPanel({ classroom, sitting }: ToolProps) {
  const [words, setWords] = useState<OwnWords | null>(null);
  const [last, setLast] = useState<OwnWords | null>(null);
  const [state, setState] = useState<"" | "saved" | "waits">("");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const newest = useRef<OwnWords | null>(null);
  useEffect(() => {
    void open();
    return () => {
      clearTimeout(timer.current);
      if (newest.current && !newest.current.saved) void save();
    };
  }, []);

  async function open(): Promise<void> {
    const all = await allWords();
    const held = all.find((one) => one.meeting === sitting.id);
    setLast(all.filter((one) => one.section === sitting.section && one.startsAt < sitting.startsAt && one.text.trim()).sort((one, other) => other.startsAt - one.startsAt)[0] ?? null);
    const none = { meeting: sitting.id, section: sitting.section, startsAt: sitting.startsAt, text: "", version: 0, saved: true };
    take(held ?? none);
    const theirs = await wordsAtOffice(sitting.id).catch(() => null);
    const now = newest.current ?? none;
    if (theirs && now.saved && theirs.version >= now.version) take({ ...now, text: theirs.text, version: theirs.version });
    else if (theirs && !now.saved) await save();
  }

  function take(one: OwnWords): void {
    newest.current = one;
    setWords(one);
  }

  function change(text: string): void {
    const one = { ...newest.current!, text, saved: false };
    take(one);
    setState("");
    void keepWords(one);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void save(), GIVE_AFTER_MS);
  }

  async function save(): Promise<void> {
    const sent = newest.current!;
    try {
      const version = await giveWords(sent);
      if (version === null) {
        // Her other window wrote meanwhile: nothing of either is lost, both stand one below the other.
        const theirs = await wordsAtOffice(sent.meeting);
        const now = newest.current!;
        const text = theirs.text.includes(now.text) ? theirs.text : `${theirs.text}\n\n${now.text}`.slice(0, TEXT_AT_MOST_LETTERS);
        take({ ...now, text, version: theirs.version });
        return await save();
      }
      const now = newest.current!;
      take({ ...now, version, saved: now.text === sent.text });
      await keepWords(newest.current!);
      setState("saved");
    } catch {
      setState("waits");
    }
  }

  const day = new Intl.DateTimeFormat(language.value, { dateStyle: "medium", timeZone: sitting.timeZone });
  return (
    <TeachPanel classroom={classroom} title={t("own_notes")}>
      <label class="usa-label" for="own-notes">{t("own_notes_hint")}</label>
      <textarea
        id="own-notes" class="usa-textarea" rows={10} disabled={!words} value={words?.text ?? ""} maxLength={TEXT_AT_MOST_LETTERS}
        onInput={(event) => change(event.currentTarget.value)} data-testid="own-notes"
      />
      <p role="status" data-testid="own-notes-state" data-state={state}>{state === "saved" ? t("own_notes_saved") : state === "waits" ? t("own_notes_waits") : ""}</p>
      {last && (
        <>
          <h3>{t("own_notes_last", { day: day.format(last.startsAt * 1000) })}</h3>
          <p class="own-notes-last" data-testid="own-notes-last">{last.text}</p>
        </>
      )}
    </TeachPanel>
  );
}

/** A teacher's private notes. */
export const notesTool: Tool = { id: "own_notes", Panel: NotesPanel };
