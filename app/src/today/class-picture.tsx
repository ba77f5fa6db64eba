import type { JSX } from "preact";

/** A picture for a class by its name, in three languages; a sun when nothing else fits. Our own drawings, 48 x 48. */
const DRAWINGS: readonly (readonly [RegExp, JSX.Element])[] = [
  [/math|matem|kalkil/i, <path fill="#2378c3" d="M8 8h14v4H8zM13 3h4v14h-4zM28 8h14v4H28zM8 33l4-4 4 4 4-4 3 3-4 4 4 4-3 3-4-4-4 4-3-3 4-4zM28 31h14v4H28zM28 38h14v4H28z" />],
  [/read|language|lect|english|ela|lekti/i, <path fill="#d72d79" d="M4 8c7-2 14-1 18 3v31c-4-4-11-5-18-3zM26 11c4-4 11-5 18-3v31c-7-2-14-1-18 3z" />],
  [/scien|cienc|syans/i, <path fill="#538200" d="M18 4h12v4h-2v10l12 20q2 6-4 6H12q-6 0-4-6l12-20V8h-2z" />],
  [/music|m[uú]sic|mizik/i, <path fill="#8168b3" d="M18 6l22-4v28a7 6 0 1 1-4-5V13L22 16v20a7 6 0 1 1-4-5z" />],
  [/art|dibujo|desen/i, <path fill="#e66f0e" d="M24 4a20 19 0 1 0 0 38c5 0 2-5 3-8 2-4 16 1 16-12C43 11 35 4 24 4zM14 16a3 3 0 1 1 0 6 3 3 0 0 1 0-6zm12-6a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM12 27a3 3 0 1 1 0 6 3 3 0 0 1 0-6z" />],
  [/gym|physical|educaci[oó]n f|spor/i, <path fill="#00a398" d="M4 18h6v12H4zM12 12h6v24h-6zM18 21h12v6H18zM30 12h6v24h-6zM38 18h6v12h-6z" />],
];

export function pictureOf(title: string): JSX.Element {
  const drawing = DRAWINGS.find(([words]) => words.test(title))?.[1] ?? SUN;
  return <svg viewBox="0 0 48 48" aria-hidden="true">{drawing}</svg>;
}

const SUN = (
  <path fill="#e5a000" d="M24 13a11 11 0 1 1 0 22 11 11 0 0 1 0-22zM22 2h4v8h-4zM22 38h4v8h-4zM2 22h8v4H2zM38 22h8v4h-8zM7 10l3-3 6 6-3 3zM32 35l3-3 6 6-3 3zM38 7l3 3-6 6-3-3zM13 32l3 3-6 6-3-3z" />
);
