import type { ComponentChildren } from "preact";
import { t } from "../../i18n";
import type { Classroom } from "../classroom";

/** The frame of a tool at the side: its name, and how to get rid of it. */
export function TeachPanel({ classroom, title, children }: { classroom: Classroom; title: string; children: ComponentChildren }) {
  return (
    <section class="teach-panel" aria-label={title} data-testid={`panel-${classroom.panel.value}`}>
      <div class="side-head">
        <h2>{title}</h2>
        <button class="usa-button usa-button--unstyled" data-testid="panel-close" onClick={() => classroom.panel.set("")}>{t("close")}</button>
      </div>
      {children}
    </section>
  );
}
