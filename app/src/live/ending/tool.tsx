import { useState } from "preact/hooks";
import { t } from "../../i18n";
import type { MenuProps, Tool, ToolProps } from "../tool";
import { EndBanner, endForAll, watchEnd } from "./end";
import { MOVE_PANEL, MoveBanner, MovePanel, watchMove } from "./move";

function start(props: ToolProps): () => void {
  const stops = [watchEnd(props), watchMove(props)];
  return () => stops.forEach((stop) => stop());
}

function Banner(props: ToolProps) {
  return (
    <>
      <MoveBanner {...props} />
      <EndBanner {...props} />
    </>
  );
}

function Menu({ classroom, sitting, close }: MenuProps) {
  const [sure, setSure] = useState(false);
  if (!classroom.leads) return null;
  return (
    <>
      {sitting.alternates.length > 0 && (
        <button
          class="usa-button usa-button--outline" data-testid="move-menu"
          onClick={() => {
            classroom.panel.set(MOVE_PANEL);
            close();
          }}
        >
          {t("ending_move")}
        </button>
      )}
      <button
        class={`usa-button ${sure ? "usa-button--secondary" : "usa-button--outline"}`} data-testid="end-for-all"
        onClick={() => {
          if (!sure) return setSure(true);
          close();
          void endForAll(classroom);
        }}
      >
        {sure ? t("ending_sure") : t("ending_for_all")}
      </button>
    </>
  );
}

export const endingTool: Tool = { id: MOVE_PANEL, start, Banner, Panel: MovePanel, Menu, menuGroup: "end" };
