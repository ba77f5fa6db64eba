import { t } from "../i18n";
import { go } from "../lib/route";
import { useCell } from "../ui/use-cell";
import { aloneCalled, aloneSince, aloneStudents } from "./alone-words";
import { aloneClasses } from "./watcher";

/** On top of a grown-up's day: the classes that have none, the longest alone first. */
export function AloneCards() {
  const alone = useCell(aloneClasses);
  return (
    <>
      {alone.map((one) => (
        <article key={one.meeting} class="card alone" data-testid={`alone-${one.meeting}`}>
          <h2>{aloneSince(one)}</h2>
          <p>{[aloneStudents(one), aloneCalled(one)].filter(Boolean).join(" · ")}</p>
          <button class="usa-button usa-button--big usa-button--secondary" data-testid={`look-in-${one.meeting}`} onClick={() => go(`/join/${one.meeting}`)}>
            {t("watch_look_in")}
          </button>
        </article>
      ))}
    </>
  );
}
