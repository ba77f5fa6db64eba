import type { Bundle } from "../contracts";

/** Schools whose plans a person needs: her own, those she has duty in, and her children's. */
export function schoolsOf(bundle: Bundle): string[] {
  const sections = [...bundle.sections, ...bundle.children.flatMap((child) => child.sections)];
  const all = [...bundle.schools, ...(bundle.person.duty ?? []), ...sections.map((section) => section.school)];
  return [...new Set([...all, ...bundle.children.flatMap((child) => child.schools)])];
}
