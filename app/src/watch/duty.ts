import type { Bundle, BundleSection, SchoolPlan } from "../contracts";
import { type Sitting, sittings } from "../plan/day";

/** Return the sittings of the sections that this person has no place in, at the schools she has duty in; by time. */
export function dutySittings(bundle: Bundle, plans: readonly SchoolPlan[]): Sitting[] {
  const duty = bundle.person.duty ?? [];
  const own = new Set(bundle.sections.map((section) => section.id));
  const others = plans
    .filter((plan) => duty.includes(plan.org))
    .flatMap((plan) => (plan.sections ?? []).map(({ id, title }) => ({ id, title, school: plan.org })))
    .filter((section) => !own.has(section.id))
    .map((section): BundleSection => ({ ...section, role: "aide", members: [] }));
  return sittings(others, plans);
}

/** Return a sitting that this person may enter, as one of the class or on duty. */
export function sittingFor(bundle: Bundle, plans: readonly SchoolPlan[], meeting: string): Sitting | undefined {
  const is = (one: Sitting): boolean => one.id === meeting;
  return sittings(bundle.sections, plans).find(is) ?? dutySittings(bundle, plans).find(is);
}

/** Say whether this person is told of classes without a grown-up: whoever teaches, helps in a class, or has duty. */
export const watches = (bundle: Bundle | null): boolean =>
  bundle !== null &&
  bundle.person.kind !== "student" &&
  ((bundle.person.duty ?? []).length > 0 || bundle.sections.some((section) => section.role === "teacher" || section.role === "aide"));
