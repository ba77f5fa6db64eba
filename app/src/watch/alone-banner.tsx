import { t } from "../i18n";
import { go } from "../lib/route";
import { useCell } from "../ui/use-cell";
import { aloneSince, aloneStudents } from "./alone-words";
import { aloneClasses } from "./watcher";

/** The same inside another class, in one line each; `except`: the meeting she is in. */
export function AloneBanner({ except }: { except: string }) {
  const alone = useCell(aloneClasses).filter((one) => one.meeting !== except);
  return (
    <>
      {alone.map((one) => (
        <p key={one.meeting} class="alone-banner" data-testid={`alone-banner-${one.meeting}`}>
          <span>
            {aloneSince(one)} · {aloneStudents(one)}
          </span>
          <button class="usa-button usa-button--secondary" onClick={() => go(`/join/${one.meeting}`)}>{t("watch_look_in")}</button>
        </p>
      ))}
    </>
  );
}
