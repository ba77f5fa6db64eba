import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import { heardIn } from "../record/heard";
import type { GroupsDesk } from "./desk";
import { deal, groupsBySize } from "./deal";
import { groupName } from "./names";
import { nowMs } from "./now";
import { GROUPS_AT_MOST } from "./rule";
import { Saved } from "./saved";

const SIZE_FIRST = 4;
const MINUTES_AT_MOST = 240;

/** Deal the class into groups: at random, by hand (drag, or choose), or as kept; then open them. */
export function Setup({ desk }: { desk: GroupsDesk }) {
  const { classroom, sitting } = desk;
  const live = new Set(useCell(classroom.tiles).map((tile) => tile.sub));
  const students = classroom.members.filter((one) => one.role === "student" && (live.has(one.id) || desk.groups.of[one.id]));
  const subs = students.map((one) => one.id);
  const [count, setCount] = useState(() => Math.min(GROUPS_AT_MOST, Math.max(2, desk.groups.names.length || groupsBySize(subs.length, SIZE_FIRST))));
  const [of, setOf] = useState<Record<string, number>>(() => ({ ...desk.groups.of }));
  const [minutes, setMinutes] = useState("");
  const dealt = Object.fromEntries(Object.entries(of).filter(([sub, group]) => group <= count && subs.includes(sub)));
  const mix = (groups: number): void => {
    setCount(groups);
    setOf(deal({ students: subs, groups, heard: new Set(heardIn(desk.classroom).value.keys()) }));
  };
  const put = (sub: string, group: number): void => {
    const { [sub]: _, ...others } = of;
    setOf(group > 0 ? { ...others, [sub]: group } : others);
  };
  const open = (): void => {
    const until = Number(minutes) > 0 ? nowMs() + Math.min(Number(minutes), MINUTES_AT_MOST) * 60_000 : 0;
    void desk.open({ of: dealt, names: Array.from({ length: count }, () => ""), until });
  };
  return (
    <>
      <div class="groups-how">
        <div class="groups-row">
          <label for="groups-count">{t("groups_how_many")}</label>
          <input
            id="groups-count" class="usa-input" type="number" min={1} max={GROUPS_AT_MOST} value={count} data-testid="groups-count"
            onInput={(event) => setCount(Math.min(GROUPS_AT_MOST, Math.max(1, Math.trunc(Number(event.currentTarget.value)) || 1)))}
          />
        </div>
        <div class="groups-row" role="group" aria-label={t("groups_in_each")}>
          <span aria-hidden="true">{t("groups_in_each")}</span>
          {[2, 3, 4].map((size) => (
            <button
              key={size} class="usa-button usa-button--outline" aria-label={t("groups_per_group", { count: size })} data-testid={`groups-size-${size}`}
              onClick={() => mix(Math.min(GROUPS_AT_MOST, groupsBySize(subs.length, size)))}
            >
              {size}
            </button>
          ))}
        </div>
        <button class="usa-button usa-button--outline" data-testid="groups-deal" onClick={() => mix(count)}>{t("groups_deal")}</button>
        <p class="quiet">{t("groups_deal_hint")}</p>
      </div>
      <Saved section={sitting.section} count={count} of={dealt} desk={desk} onUse={(groups) => {
        setCount(Math.max(1, groups.length));
        setOf(Object.fromEntries(groups.flatMap((all, index) => all.map((sub) => [sub, index + 1]))));
      }} />
      {Array.from({ length: count + 1 }, (_, index) => (index + 1) % (count + 1)).map((group) => (
        <section
          key={group} class="groups-one" data-testid={`groups-setup-${group}`}
          onDragOver={(event) => event.preventDefault()}
          onDrop={(event) => {
            event.preventDefault();
            const sub = event.dataTransfer?.getData("text/plain") ?? "";
            if (subs.includes(sub)) put(sub, group);
          }}
        >
          <h3>{group === 0 ? t("groups_none") : groupName([], group)}</h3>
          <ul>
            {students.filter((one) => (dealt[one.id] ?? 0) === group).map((one) => (
              <li key={one.id} draggable onDragStart={(event) => event.dataTransfer?.setData("text/plain", one.id)}>
                <span>{one.name}</span>
                <select
                  class="usa-select" aria-label={t("groups_by_hand", { name: one.name })} data-testid={`groups-put-${one.id}`}
                  value={String(group)} onChange={(event) => put(one.id, Number(event.currentTarget.value))}
                >
                  <option value="0">{t("groups_none")}</option>
                  {Array.from({ length: count }, (_, index) => <option key={index} value={String(index + 1)}>{groupName([], index + 1)}</option>)}
                </select>
              </li>
            ))}
          </ul>
        </section>
      ))}
      <div class="groups-foot">
        <div class="groups-row">
          <label for="groups-minutes">{t("groups_minutes")}</label>
          <input
            id="groups-minutes" class="usa-input" type="number" min={0} max={MINUTES_AT_MOST} step="any" value={minutes} data-testid="groups-minutes"
            onInput={(event) => setMinutes(event.currentTarget.value)}
          />
        </div>
        <button class="usa-button usa-button--big groups-go" data-testid="groups-open" onClick={open}>{t("groups_open")}</button>
      </div>
    </>
  );
}
