import { useState } from "preact/hooks";
import { t } from "../../../i18n";
import { clock } from "../../../lib/clock";
import { isPractice } from "../../../plan/practice";
import { useCell } from "../../../ui/use-cell";
import type { Classroom } from "../../classroom";
import type { ToolProps } from "../../tool";
import { download } from "../board/save";
import { TeachPanel } from "../panel";
import { loadFile, putFileBack, takeFile } from "./files";
import { FILE_AT_MOST_BYTES, outbox } from "./outbox";
import { type Link, LINKS, newest, hostOf, safeUrl } from "./rule";

/** Everything that was given to the class in this lesson; a grown-up gives more. */
export function LinksPanel({ classroom, sitting }: ToolProps) {
  const rule = classroom.steering.cell(LINKS);
  const links = useCell(rule);
  const [away, setAway] = useState<Link | null>(null);
  const [failed, setFailed] = useState(false);

  /** Do something at the office about a file; a link is only in the list. */
  async function withFile(link: Link, act: (id: string) => Promise<unknown>): Promise<boolean> {
    const done = !link.file || (await act(link.file).then(() => true, () => false));
    setFailed(!done);
    return done;
  }
  async function takeAway(link: Link): Promise<void> {
    // From the screens at once; from the office too, else who knows its address still had it.
    await classroom.steering.set(LINKS, rule.value.filter((one) => one.id !== link.id));
    if (await withFile(link, takeFile)) setAway(link);
    else put(link);
  }
  async function bringBack(link: Link): Promise<void> {
    if (!(await withFile(link, putFileBack))) return;
    put(link);
    setAway(null);
  }
  const put = (link: Link): void => void classroom.steering.set(LINKS, newest([...rule.value.filter((one) => one.id !== link.id), link]));
  return (
    <TeachPanel classroom={classroom} title={t("links")}>
      {classroom.leads && <GiveLink classroom={classroom} />}
      {classroom.leads && !isPractice(sitting.id) && <GiveFile sitting={sitting} />}
      {links.length === 0 && <p class="quiet">{t(classroom.leads ? "links_empty_teacher" : "links_empty")}</p>}
      {away && (
        <p role="status">
          {t("links_taken", { name: away.name })} <button class="usa-button usa-button--unstyled" data-testid="link-back" onClick={() => void bringBack(away)}>{t("undo")}</button>
        </p>
      )}
      {failed && <p role="alert">{t("file_not_now")}</p>}
      <ul class="plain">
        {links.toReversed().map((link) => (
          <li key={link.id} class="link-line">
            <OpenLink link={link} />
            {classroom.leads && (
              <button class="usa-button usa-button--unstyled" data-testid={`link-away-${link.id}`} onClick={() => void takeAway(link)} aria-label={t("links_remove_named", { name: link.name })}>{t("links_remove")}</button>
            )}
          </li>
        ))}
      </ul>
    </TeachPanel>
  );
}

/** A link says where it leads before it is opened; a file is saved. */
export function OpenLink({ link }: { link: Link }) {
  const [state, setState] = useState<"" | "loading" | "failed">("");
  if (link.url)
    return (
      <a class="link-open" href={link.url} target="_blank" rel="noopener noreferrer" data-testid={`link-${link.id}`}>
        {link.name} <span class="link-host">{hostOf(link.url)} ↗</span>
      </a>
    );
  async function load(): Promise<void> {
    setState("loading");
    try {
      download(await loadFile(link.file), link.name);
      setState("");
    } catch {
      setState("failed");
    }
  }
  return (
    <span>
      <button class="link-open" disabled={state === "loading"} onClick={() => void load()} data-testid={`file-${link.id}`}>{link.name} ↓</button>
      {state === "failed" && <span role="status"> {t("file_not_now")}</span>}
    </span>
  );
}

/** Give one more thing to the class; the oldest beyond twelve, or beyond one message, leaves the list. */
export function give(classroom: Classroom, link: Link, kind: "link" | "file"): void {
  const links = classroom.steering.cell(LINKS).value.filter((one) => one.id !== link.id);
  void classroom.steering.set(LINKS, newest([...links, link]));
  classroom.notes.write({ kind, key: link.id, sub: "", at: clock.now(), body: kind === "link" ? { url: link.url, name: link.name } : { file: link.file, name: link.name } });
}

function GiveLink({ classroom }: { classroom: Classroom }) {
  const [typed, setTyped] = useState("");
  const [bad, setBad] = useState(false);
  function send(event: Event): void {
    event.preventDefault();
    const url = safeUrl(typed);
    setBad(!url);
    if (!url) return;
    give(classroom, { id: `l${crypto.randomUUID().slice(0, 8)}`, url, file: "", name: hostOf(url) }, "link");
    setTyped("");
  }
  return (
    <form onSubmit={send}>
      <label class="usa-label" for="link-url">{t("links_type")}</label>
      <input id="link-url" class="usa-input" inputMode="url" value={typed} autocomplete="off" aria-describedby="link-bad" onInput={(event) => setTyped(event.currentTarget.value)} data-testid="link-url" />
      <p id="link-bad" role="alert">{bad && t("links_bad")}</p>
      <button class="usa-button" data-testid="link-give">{t("links_give")}</button>
    </form>
  );
}

function GiveFile({ sitting }: Pick<ToolProps, "sitting">) {
  const files = useCell(outbox.files).filter((one) => one.meeting === sitting.id && one.kind === "file" && one.state !== "sent");
  const [large, setLarge] = useState(false);
  function choose(chosen: File[]): void {
    setLarge(chosen.some((one) => one.size > FILE_AT_MOST_BYTES));
    for (const file of chosen) if (file.size <= FILE_AT_MOST_BYTES) void outbox.add({ meeting: sitting.id, section: sitting.section, kind: "file", name: file.name, blob: file });
  }
  return (
    <div>
      <label class="usa-label" for="class-file">{t("file_choose")}</label>
      <input id="class-file" class="teach-file" type="file" multiple data-testid="class-file" onChange={(event) => choose([...(event.currentTarget.files ?? [])])} />
      {large && <p role="alert">{t("file_large", { megabytes: FILE_AT_MOST_BYTES / 1_000_000 })}</p>}
      <ul class="plain">
        {files.map((file) => (
          <li key={file.id} data-testid="file-waiting" data-state={file.state}>
            {file.name}
            {file.state === "sending" && <progress max={1} value={file.share} aria-label={t("file_sending")} />}
            {file.state === "waiting" && <p>{t("file_waits")}</p>}
            {file.state === "refused" && <p>{t("file_refused")}</p>}
            <button class="usa-button usa-button--unstyled" onClick={() => void outbox.cancel(file.id)} aria-label={t("file_cancel_named", { name: file.name })}>{t("file_cancel")}</button>{" "}
            {file.state !== "sending" && <button class="usa-button usa-button--unstyled" onClick={() => outbox.again()}>{t("try_again")}</button>}
          </li>
        ))}
      </ul>
    </div>
  );
}
