import { t } from "../../i18n";
import type { Sitting } from "../../plan/day";
import type { Classroom } from "../classroom";

/** What a group is called on the screen. */
export const groupName = (names: readonly string[], group: number): string =>
  group === 0 ? t("groups_class") : names[group - 1]?.trim() || t("groups_name", { number: group });

/** As children call the grown-up who looks after their group: by her name, of a class with one teacher as the plan has it. */
export function adultName(classroom: Classroom, sitting: Sitting): string {
  const [adult] = classroom.adults.value;
  const member = classroom.members.find((one) => one.id === adult?.sub);
  if (!adult || (member?.role === "teacher" && sitting.teachers.length === 1)) return sitting.teachers[0] ?? t("adult_your_teacher");
  return member?.name ?? t("adult_of_school");
}
