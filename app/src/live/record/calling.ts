/** Children of this class who were not heard yet: who has been here longest first. */
export function notHeard(here: readonly { sub: string; cameAt: number }[], heard: ReadonlyMap<string, number>): string[] {
  const first = new Map<string, number>();
  for (const { sub, cameAt } of here) if (!heard.has(sub)) first.set(sub, Math.min(cameAt, first.get(sub) ?? cameAt));
  return [...first].sort(([a, one], [b, other]) => one - other || (a < b ? -1 : 1)).map(([sub]) => sub);
}

/** Choose one at random of those who were called least often so far: nobody twice before everybody once. */
export function chooseOne(subs: readonly string[], called: ReadonlyMap<string, number>, random: () => number = Math.random): string | undefined {
  const times = (sub: string): number => called.get(sub) ?? 0;
  const fewest = Math.min(...subs.map(times));
  const fair = subs.filter((sub) => times(sub) === fewest);
  return fair[Math.floor(random() * fair.length)];
}
