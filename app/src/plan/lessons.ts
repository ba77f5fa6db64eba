import type { Alternate, SectionPlan } from "../contracts";
import { packetName } from "../packets/names";

// The packets of later days say theirs behind the title (office/pathways/ways/packets.py); the first day's says none.
const DATED = /^(.*) · (\d{4}-\d\d-\d\d)$/;

/** Return a section with the lesson packets of one day only, by their titles; other alternates are for every day. */
export function lessonsOf(dateOf: () => string, section: SectionPlan, firstDay: string): SectionPlan {
  const all = section.alternates ?? [];
  if (!all.some((one) => packetName(one.url))) return section;
  const date = dateOf();
  const alternates = all.flatMap((one): Alternate[] => {
    if (!packetName(one.url)) return [one];
    const [, title, day] = DATED.exec(one.label ?? "") ?? [];
    if (title && day) return day === date ? [{ ...one, label: title }] : [];
    return !firstDay || firstDay === date ? [one] : [];
  });
  return { ...section, alternates };
}
