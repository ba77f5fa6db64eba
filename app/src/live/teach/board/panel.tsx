import { useEffect, useState } from "preact/hooks";
import { language, t } from "../../../i18n";
import type { Classroom } from "../../classroom";
import { STAGE } from "../../steer/rules";
import type { ToolProps } from "../../tool";
import { TeachPanel } from "../panel";
import { boardDesk } from "./desk";
import { keptBoards, type KeptBoard } from "./keep";
import { BOARD } from "./rule";

/** Open the board of this class, a new one, or one of an earlier lesson. */
export function BoardPanel({ classroom, sitting }: ToolProps) {
  const [earlier, setEarlier] = useState<KeptBoard[]>([]);
  useEffect(() => void keptBoards(sitting.section).then(setEarlier), []);
  const current = classroom.steering.cell(BOARD).value.id;
  const day = new Intl.DateTimeFormat(language.value, { dateStyle: "medium", timeStyle: "short", timeZone: sitting.timeZone });
  return (
    <TeachPanel classroom={classroom} title={t("board")}>
      {current && <button class="usa-button" data-testid="board-open" onClick={() => void openBoard(classroom)}>{t("board_show")}</button>}
      <button class={`usa-button ${current ? "usa-button--outline" : ""}`} data-testid="board-new" onClick={() => void openBoard(classroom, newBoard())}>{t("board_new")}</button>
      {earlier.some((one) => one.id !== current) && <h3>{t("board_earlier")}</h3>}
      <ul class="plain">
        {earlier.filter((one) => one.id !== current).map((one) => (
          <li key={one.id}>
            <button class="usa-button usa-button--outline" onClick={() => void openBoard(classroom, one)}>{day.format(one.at)}</button>
          </li>
        ))}
      </ul>
    </TeachPanel>
  );
}

const newBoard = (): { id: string; pages: number; acts: [] } => ({ id: `b${crypto.randomUUID().slice(0, 12)}`, pages: 1, acts: [] });

/** Show the board of this class to all; `other` instead of it when given. */
export async function openBoard(classroom: Classroom, other?: Pick<KeptBoard, "id" | "pages" | "acts">): Promise<void> {
  if (other) {
    boardDesk(classroom).learn(other.id, other.acts);
    await classroom.steering.set(BOARD, { id: other.id, pages: other.pages });
  }
  await classroom.steering.set(STAGE, { what: "board", item: "1" });
  classroom.panel.set("");
}
