import { useState } from "preact/hooks";
import { t } from "../../../i18n";
import { useCell } from "../../../ui/use-cell";
import type { MenuProps, Tool, ToolProps } from "../../tool";
import { outbox } from "./outbox";
import { give, LinksPanel, OpenLink } from "./panel";
import { LINKS } from "./rule";

/** What the teacher gave last, above the pictures, until it is put away here. */
function Banner({ classroom }: ToolProps) {
  const last = useCell(classroom.steering.cell(LINKS)).at(-1);
  const [away, setAway] = useState("");
  if (!last || classroom.leads || away === last.id) return null;
  return (
    <div class="share-banner" role="status" data-testid="link-banner">
      <strong>{t("links_for_you")}</strong>
      <OpenLink link={last} />
      <button class="board-tool" onClick={() => setAway(last.id)}>{t("close")}</button>
    </div>
  );
}

function Menu({ classroom, close }: MenuProps) {
  const { length } = useCell(classroom.steering.cell(LINKS));
  if (classroom.leads || length === 0) return null;
  return (
    <button
      class="usa-button usa-button--outline" data-testid="menu-links"
      onClick={() => {
        close();
        classroom.panel.set("links");
      }}
    >
      {t("links")}
    </button>
  );
}

/** Links and files for the class. */
export const linksTool: Tool = {
  id: "links",
  start: ({ classroom, sitting }) => {
    if (!classroom.leads) return () => {};
    void outbox.open();
    return outbox.onSent((file, kept) => {
      if (file.meeting === sitting.id && file.kind === "file") give(classroom, { id: `f${kept.id}`.slice(0, 60), url: "", file: kept.id, name: kept.name }, "file");
    });
  },
  Banner,
  Menu,
  menuGroup: "lesson",
  Panel: LinksPanel,
};
