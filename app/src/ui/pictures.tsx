/** The twelve pictures of the picture PIN, in the order of contracts/badges.py. Our own drawings, 48 x 48. */
export const PICTURES = [
  "apple", "ball", "bird", "boat", "bus", "cat", "dog", "fish", "flower", "moon", "star", "tree",
] as const;

type Name = (typeof PICTURES)[number];
type Shape = readonly [fill: string, path: string];

const circle = (x: number, y: number, r: number): string =>
  `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
const EYE = "#1b1b1b";

const DRAWINGS: Record<Name, readonly Shape[]> = {
  apple: [["#d83933", "M24 15c-9-6-18 1-16 12 2 10 9 17 16 14 7 3 14-4 16-14 2-11-7-18-16-12z"], ["#538200", "M24 13c0-6 5-9 10-9 0 6-4 10-10 9z"]],
  ball: [["#e66f0e", circle(24, 24, 18)], ["#fff", "M22 6h4v36h-4zM6 22h36v4H6z"]],
  bird: [["#2378c3", "M6 26c4-12 18-16 26-6l10 2-9 4c0 10-14 16-22 8z"], ["#0b4778", "M14 26c6-6 12-4 14 2-4 6-10 6-14-2z"], [EYE, circle(30, 21, 2)]],
  boat: [["#8c471c", "M4 32h40l-6 10H10z"], ["#2378c3", "M23 4v24H8z"], ["#d83933", "M27 10v18h12z"]],
  bus: [["#e5a000", "M4 12q0-4 4-4h32q4 0 4 4v24H4z"], ["#dfe1e2", "M8 14h8v9H8zM20 14h8v9h-8zM32 14h8v9h-8z"], [EYE, circle(13, 37, 5) + circle(35, 37, 5)]],
  cat: [["#71767a", "M8 6l10 8h12l10-8v22a16 14 0 0 1-32 0z"], ["#fff", circle(18, 25, 4) + circle(30, 25, 4)], [EYE, circle(18, 25, 2) + circle(30, 25, 2) + "M21 32h6l-3 4z"]],
  dog: [["#a86437", "M12 10h24v20a12 12 0 0 1-24 0z"], ["#5c3a1e", "M12 8c-10 2-9 16-4 20l6-10zM36 8c10 2 9 16 4 20l-6-10z"], [EYE, circle(19, 21, 2.5) + circle(29, 21, 2.5) + circle(24, 31, 4)]],
  fish: [["#00a398", "M4 24c8-14 22-14 30 0-8 14-22 14-30 0zM32 24l12-10v20z"], [EYE, circle(13, 21, 2.5)]],
  flower: [["#d72d79", circle(24, 11, 8) + circle(37, 21, 8) + circle(32, 36, 8) + circle(16, 36, 8) + circle(11, 21, 8)], ["#e5a000", circle(24, 25, 8)]],
  moon: [["#e5a000", "M30 4a20 20 0 1 0 12 30A17 17 0 0 1 30 4z"]],
  star: [["#e5a000", "M24 3l6 14 15 1-12 10 4 15-13-8-13 8 4-15L3 18l15-1z"]],
  tree: [["#8c471c", "M20 30h8v14h-8z"], ["#538200", circle(24, 18, 14) + circle(14, 24, 9) + circle(34, 24, 9)]],
};

/** A drawing; its name stands beside it as text. */
export function Picture({ name }: { name: Name }) {
  return (
    <svg viewBox="0 0 48 48" aria-hidden="true">
      {DRAWINGS[name].map(([fill, path]) => (
        <path key={path} fill={fill} d={path} />
      ))}
    </svg>
  );
}
