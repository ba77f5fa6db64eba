import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import { nameIn } from "../name-in";
import type { MenuProps, Tool, ToolProps } from "../tool";
import { deskOf } from "../steer/desk";
import { chooseOne, notHeard } from "./calling";
import { heardIn } from "./heard";
import { keepRecord } from "./keep-record";

const ID = "not_heard";

/** For grown-ups alone: whom nobody has heard yet in this class, and one tap to call on one of them. No order of merit. */
function NotHeardPanel({ classroom }: ToolProps) {
  const tiles = useCell(classroom.tiles);
  const heard = useCell(heardIn(classroom));
  const [called, setCalled] = useState<ReadonlyMap<string, number>>(new Map());
  const [last, setLast] = useState("");
  if (!classroom.leads) return null;
  const children = tiles.filter((tile) => tile.role === "student" && !tile.self);
  const cameAt = (device: string): number => classroom.room.remoteParticipants.get(device)?.joinedAt?.getTime() ?? 0;
  const quiet = notHeard(children.map((tile) => ({ sub: tile.sub, cameAt: Math.min(...tile.devices.map(cameAt)) })), heard);
  const nameOf = (sub: string): string => tiles.find((tile) => tile.sub === sub)?.name ?? nameIn(classroom, sub);
  const call = (sub: string | undefined): void => {
    if (!sub) return;
    setCalled(new Map(called).set(sub, (called.get(sub) ?? 0) + 1));
    setLast(sub);
    // Without a line the teacher says the name herself; she sees it either way.
    void deskOf(classroom).callOn(sub).catch(() => null);
  };
  return (
    <section class="not-heard" aria-label={t("heard_title")} data-testid="not-heard">
      <div class="side-head">
        <h2>{t("heard_title")}</h2>
        <button class="usa-button usa-button--unstyled" onClick={() => classroom.panel.set("")}>{t("close")}</button>
      </div>
      <p class="quiet">{t("heard_what")}</p>
      <p role="status" data-testid="called">{last && t("heard_called", { name: nameOf(last) })}</p>
      {quiet.length > 0 ? (
        <button class="usa-button" data-testid="call-one" onClick={() => call(chooseOne(quiet, called))}>{t("heard_call_one")}</button>
      ) : (
        <p data-testid="all-heard">{children.length > 0 ? t("heard_all") : t("heard_nobody_here")}</p>
      )}
      <ul>
        {quiet.map((sub) => (
          <li key={sub} data-testid={`not-heard-${sub}`}>
            <span>{nameOf(sub)}</span>
            <button class="usa-button usa-button--outline" aria-label={t("heard_call_name", { name: nameOf(sub) })} onClick={() => call(sub)}>
              {t("heard_call")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function NotHeardMenu({ classroom, close }: MenuProps) {
  if (!classroom.leads) return null;
  const open = (): void => {
    close();
    classroom.panel.set(ID);
  };
  return <button class="usa-button usa-button--outline" data-testid="open-not-heard" onClick={open}>{t("heard_title")}</button>;
}

/** The record of the class on this device, and what it is good for while the class lasts. */
export const RECORD_TOOL: Tool = {
  id: ID,
  start: keepRecord,
  Panel: NotHeardPanel,
  Menu: NotHeardMenu,
  menuGroup: "class",
};
