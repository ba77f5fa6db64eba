import { useState } from "preact/hooks";
import { t } from "../../i18n";
import { HandUp } from "../../ui/hand-up";
import { useCell } from "../../ui/use-cell";
import { CHAT_AT_MOST_LETTERS } from "../messages";
import { nameIn } from "../name-in";
import type { GroupsDesk } from "./desk";
import { groupName } from "./names";
import { GROUPS } from "./rule";
import { TimeLeft } from "./time-left";
import type { View } from "./views";

/** The groups while they are open: who is in each, who speaks, whose hand is up; words and voice to all; and everyone back. */
export function Running({ desk }: { desk: GroupsDesk }) {
  const { classroom } = desk;
  const groups = useCell(classroom.steering.cell(GROUPS));
  const views = useCell(desk.views);
  const speaking = useCell(desk.speaking);
  const here = useCell(classroom.group);
  const [text, setText] = useState("");
  const [failed, setFailed] = useState(false);
  const [refused, setRefused] = useState(false);
  const students = classroom.members.filter((one) => one.role === "student");
  // A grown-up who does not lead looks after nothing; she reads who belongs where, and may go in.
  const shown: readonly View[] = views.length > 0 ? views : groups.names.map((_, index) => ({ group: index + 1, open: true, people: [], hands: [], speaking: [] }));
  async function write(event: Event): Promise<void> {
    event.preventDefault();
    if (!text.trim()) return;
    try {
      await desk.write(text.trim());
      setText("");
      setFailed(false);
    } catch {
      setFailed(true); // her words stay in the field
    }
  }
  return (
    <>
      <p><TimeLeft until={groups.until} warn={false} /></p>
      <button class="usa-button usa-button--big groups-go" data-testid="groups-back" onClick={() => void desk.everyoneBack()}>{t("groups_back")}</button>
      <form class="groups-save" onSubmit={(event) => void write(event)}>
        <input
          class="usa-input" value={text} maxLength={CHAT_AT_MOST_LETTERS} placeholder={t("groups_write")} aria-label={t("groups_write")} autocomplete="off"
          data-testid="groups-write" onInput={(event) => setText(event.currentTarget.value)}
        />
        <button class="usa-button usa-button--outline" data-testid="groups-send">{t("groups_send")}</button>
      </form>
      {failed && <p role="alert">{t("chat_failed")}</p>}
      <button class="usa-button usa-button--outline" data-testid="groups-speak" aria-pressed={speaking} onClick={() => void desk.speak(!speaking).then(() => setRefused(false), () => setRefused(true))}>
        {speaking ? t("groups_speaking_to_all") : t("groups_all_heard")}
      </button>
      {refused && <p role="alert">{t("media_refused")}</p>}
      {shown.map((view) => {
        const present = new Set(view.people.map((one) => one.sub));
        const belong = students.filter((one) => groups.of[one.id] === view.group || present.has(one.id));
        const guests = view.people.filter((one) => !one.student && !one.watching);
        return (
          <section key={view.group} class="groups-one" data-testid={`groups-view-${view.group}`} data-open={view.open} data-here={present.size}>
            <h3>{groupName(groups.names, view.group)}</h3>
            {!view.open && <p role="status">{t("groups_line_gone")}</p>}
            <ul>
              {belong.length === 0 && <li class="quiet">{t("groups_empty")}</li>}
              {belong.map((one) => (
                <li key={one.id} data-testid={`groups-member-${one.id}`} data-there={present.has(one.id)} data-hand={view.hands.includes(one.id)} data-speaking={view.speaking.includes(one.id)}>
                  <span>
                    {view.hands.includes(one.id) && <HandUp />}
                    {present.has(one.id) || views.length === 0 ? one.name : t("groups_waiting", { name: one.name })}
                    {view.speaking.includes(one.id) && <em> · {t("groups_speaking")}</em>}
                  </span>
                  <select
                    class="usa-select" aria-label={t("groups_by_hand", { name: one.name })} data-testid={`groups-move-${one.id}`}
                    value={String(groups.of[one.id] ?? 0)} onChange={(event) => void desk.put(one.id, Number(event.currentTarget.value))}
                  >
                    <option value="0">{t("groups_none")}</option>
                    {groups.names.map((_, index) => <option key={index} value={String(index + 1)}>{groupName(groups.names, index + 1)}</option>)}
                  </select>
                </li>
              ))}
              {guests.map((one) => <li key={one.identity} data-testid={`groups-guest-${one.sub}`}>{nameIn(classroom, one.sub)}</li>)}
            </ul>
            {here !== view.group && (
              <button class="usa-button usa-button--outline" data-testid={`groups-visit-${view.group}`} onClick={() => void desk.visit(view.group).catch(() => desk.trouble.set(true))}>
                {t("groups_visit")}
              </button>
            )}
          </section>
        );
      })}
      <label class="groups-auto">
        <input type="checkbox" checked={groups.auto} data-testid="groups-auto" onChange={(event) => void desk.set({ auto: event.currentTarget.checked })} />
        {t("groups_auto")}
      </label>
    </>
  );
}
