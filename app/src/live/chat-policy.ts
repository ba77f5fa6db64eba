import type { ChatPolicy, PlanIndex, SectionPlan } from "../contracts";

const BANDS = ["PK-5", "6-8", "9-12"] as const;
const SMALL = new Set(["IT", "PR", "PK", "TK", "KG", "01", "02"]);

/** Return whom students of this section may write to, as the signed plan says; of a band it does not name: the teacher. */
export function policyOfPlan(section: SectionPlan | undefined, chat: PlanIndex["chat"] = {}): ChatPolicy {
  const grades = (section?.grades ?? "").split(",").map((one) => one.trim().toUpperCase()).filter(Boolean);
  if (chat["K-2"] && grades.length > 0 && grades.every((one) => SMALL.has(one))) return chat["K-2"];
  const band = bandOf(section);
  return (band && chat[band]) || "teacher";
}

/** From grade 6 on a link may be followed; a smaller child reads it as text. */
export const followsLinks = (section: SectionPlan | undefined): boolean => {
  const band = bandOf(section);
  return band === "6-8" || band === "9-12";
};

/** The cohort begins with the band: `6-8@north`. */
const bandOf = (section: SectionPlan | undefined): (typeof BANDS)[number] | undefined =>
  BANDS.find((band) => section?.cohort === band || section?.cohort.startsWith(`${band}@`) || section?.cohort.startsWith(`${band}.`));
