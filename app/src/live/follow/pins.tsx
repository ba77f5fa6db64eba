import { t } from "../../i18n";
import { useCell } from "../../ui/use-cell";
import type { Classroom } from "../classroom";
import { PINNED } from "./pin";
import { ownPins, pinnedHere } from "./pinned";

/** Whose picture stays in sight: for herself, and by a grown-up for all. Interpreters are by themselves. */
export function Pins({ classroom }: { classroom: Classroom }) {
  const tiles = useCell(classroom.tiles);
  const own = useCell(ownPins);
  const forAll = useCell(classroom.steering.cell(PINNED));
  const others = tiles.filter((tile) => !tile.self);
  if (others.length === 0) return null;
  const always = pinnedHere(classroom);
  const toggled = (list: readonly string[], sub: string): string[] => (list.includes(sub) ? list.filter((one) => one !== sub) : [...list, sub]);
  return (
    <section class="part">
      <h3>{t("pin_title")}</h3>
      <ul class="pins">
        {others.map(({ sub, name }) => (
          <li key={sub}>
            <span>{name}</span>
            <button
              class="usa-button usa-button--outline" aria-pressed={always.has(sub)} disabled={always.has(sub) && !own.includes(sub)}
              aria-label={t("pin_own_of", { name })} data-testid={`pin-${sub}`} onClick={() => ownPins.set(toggled(own, sub))}
            >
              {t("pin_own")}
            </button>
            {classroom.leads && (
              <button
                class="usa-button usa-button--outline" aria-pressed={forAll.includes(sub)} aria-label={t("pin_all_of", { name })} data-testid={`pin-all-${sub}`}
                onClick={() => void classroom.steering.set(PINNED, toggled(forAll, sub).slice(-20))}
              >
                {t("pin_all")}
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
