const BESIDE_AT_LEAST = 4;
const AT_MOST = 7; // 49 faces are seven by seven

/** Return into how many columns so many pictures go, so that they fill the place: fewer faces, larger faces. */
export function columnsFor(pictures: number, belowSomethingLarge: boolean): number {
  const square = Math.ceil(Math.sqrt(Math.max(1, pictures)));
  return Math.min(AT_MOST, belowSomethingLarge ? Math.max(BESIDE_AT_LEAST, square) : square);
}
