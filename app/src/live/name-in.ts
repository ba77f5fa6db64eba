import { t } from "../i18n";
import type { Classroom } from "./classroom";

/** The name a person has in this class; of somebody no list names, what she is called on the screen. */
export const nameIn = ({ members, tiles }: Pick<Classroom, "members" | "tiles">, sub: string): string =>
  members.find((member) => member.id === sub)?.name ?? tiles.value.find((tile) => tile.sub === sub)?.name ?? t("someone");
