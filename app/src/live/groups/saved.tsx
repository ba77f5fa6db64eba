import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n";
import { read, type SavedGroups, write } from "../../keep/kept";
import type { GroupsDesk } from "./desk";
import { nowMs } from "./now";

/** Groups kept for this class: on this device, and as a note in the class book. */
export function Saved(props: { section: string; count: number; of: Record<string, number>; desk: GroupsDesk; onUse: (groups: string[][]) => void }) {
  const { section, count, of, desk } = props;
  const [saved, setSaved] = useState<SavedGroups[]>([]);
  const [name, setName] = useState("");
  const [deleted, setDeleted] = useState<SavedGroups | null>(null);
  useEffect(() => void read("saved_groups").then((all) => setSaved(all?.[section] ?? [])), [section]);
  async function keep(added: SavedGroups | null, without = added?.name): Promise<void> {
    const all = [...saved.filter((one) => one.name !== without), ...(added ? [added] : [])];
    await write("saved_groups", { ...(await read("saved_groups")), [section]: all });
    setSaved(all);
    setDeleted(added ? null : (saved.find((one) => one.name === without) ?? null));
  }
  async function save(event: Event): Promise<void> {
    event.preventDefault();
    const called = name.trim();
    if (!called) return;
    const groups = Array.from({ length: count }, (_, index) => Object.keys(of).filter((sub) => of[sub] === index + 1));
    await keep({ name: called, groups });
    setName("");
    const at = nowMs();
    desk.classroom.notes.write({ kind: "group", key: `saved:${at}`, sub: "", at, body: { saved: called, groups } });
  }
  return (
    <>
      {(saved.length > 0 || deleted) && (
        <div class="groups-saved">
          <h3>{t("groups_saved")}</h3>
          {saved.map((one) => (
            <span key={one.name} class="groups-kept">
              <button class="usa-button usa-button--outline" onClick={() => props.onUse(one.groups)}>{one.name}</button>
              <button
                class="usa-button usa-button--unstyled" aria-label={t("groups_forget", { name: one.name })} title={t("groups_forget", { name: one.name })}
                data-testid="groups-forget" onClick={() => void keep(null, one.name)}
              >×</button>
            </span>
          ))}
          {deleted && <button class="usa-button usa-button--unstyled" data-testid="groups-unforget" onClick={() => void keep(deleted)}>{t("undo")}</button>}
        </div>
      )}
      {Object.keys(of).length > 0 && (
        <form class="groups-save" onSubmit={(event) => void save(event)}>
          <input
            class="usa-input" value={name} maxLength={40} placeholder={t("groups_save_name")} aria-label={t("groups_save_name")}
            data-testid="groups-save-name" onInput={(event) => setName(event.currentTarget.value)}
          />
          <button class="usa-button usa-button--outline" data-testid="groups-save">{t("groups_save")}</button>
        </form>
      )}
    </>
  );
}
