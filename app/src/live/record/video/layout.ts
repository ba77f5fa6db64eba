export const WIDTH = 1280;
export const HEIGHT = 720;
const FACES_AT_MOST = 4;
const FACE_WIDTH = 320;
const FACE_HEIGHT = HEIGHT / FACES_AT_MOST;

export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Where the large picture is, and up to four small ones at its right; without any the large one has it all. */
export function places(faces: number): { main: Place; faces: Place[] } {
  const shown = Math.min(faces, FACES_AT_MOST);
  const width = shown > 0 ? WIDTH - FACE_WIDTH : WIDTH;
  return {
    main: { x: 0, y: 0, width, height: HEIGHT },
    faces: Array.from({ length: shown }, (_, index) => ({ x: width, y: index * FACE_HEIGHT, width: FACE_WIDTH, height: FACE_HEIGHT })),
  };
}

/** The largest place inside `into` with the picture's own shape. */
export function fit(picture: { width: number; height: number }, into: Place): Place {
  const scale = Math.min(into.width / picture.width, into.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  return { x: into.x + (into.width - width) / 2, y: into.y + (into.height - height) / 2, width, height };
}
