import type { SectionPlan } from "../../contracts";
import { plan } from "../../state";

/** Return what the plan in force says of a section. */
export const sectionOf = (id: string): SectionPlan | undefined =>
  plan.value?.schools.flatMap((school) => school.sections ?? []).find((section) => section.id === id);
