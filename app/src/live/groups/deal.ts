/** How many groups of about this size a class makes: nobody is left over, and sizes differ by one at most. */
export const groupsBySize = (students: number, size: number): number => Math.max(1, Math.round(students / Math.max(1, size)));

/**
 * Deal students into so many groups at random. Sizes differ by one at most, and so do the numbers of those who were
 * not heard today: they are spread, so that none of them is among talkers only by chance, nor all of them together.
 */
export function deal(how: {
  students: readonly string[];
  groups: number;
  heard: ReadonlySet<string>;
  random?: () => number;
}): Record<string, number> {
  const random = how.random ?? Math.random;
  const silent = shuffled(how.students.filter((sub) => !how.heard.has(sub)), random);
  const heard = shuffled(how.students.filter((sub) => how.heard.has(sub)), random);
  return Object.fromEntries([...silent, ...heard].map((sub, index) => [sub, (index % how.groups) + 1]));
}

/** Return the group with the fewest people; of equals the first. */
export function smallest(groups: number, of: Readonly<Record<string, number>>): number {
  const sizes = Array.from({ length: groups }, (_, index) => Object.values(of).filter((one) => one === index + 1).length);
  return sizes.indexOf(Math.min(...sizes)) + 1;
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  const mixed = [...all];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
  }
  return mixed;
}
