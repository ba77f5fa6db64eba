import { isRecord } from "../../../lib/request";
import type { Rule } from "../../steer/steering";

export const SLIDES_AT_MOST = 300;
/** Of a page's picture, as it goes to the class. */
export const PICTURE_AT_MOST_BYTES = 150_000;

/** What is shown of a file. `by`: the identity of the device that has it. The page is the stage's item. */
export interface OpenSlides {
  id: string;
  title: string;
  pages: number;
  by: string;
}

export const SLIDES: Rule<OpenSlides> = {
  name: "slides",
  initial: { id: "", title: "", pages: 0, by: "" },
  read: (value) =>
    isRecord(value) && typeof value.id === "string" && value.id.length <= 40 && typeof value.title === "string" && typeof value.by === "string" &&
    Number.isInteger(value.pages) && (value.pages as number) >= 0 && (value.pages as number) <= SLIDES_AT_MOST
      ? { id: value.id, title: value.title.slice(0, 200), pages: value.pages as number, by: value.by }
      : null,
};

/** One page as students have it: a picture, and its words for who does not see it. */
export interface Slide {
  id: string;
  page: number;
  width: number;
  height: number;
  /** JPEG or WebP, base64. */
  media: "image/jpeg" | "image/webp";
  picture: string;
  text: string;
}

const TEXT_AT_MOST_LETTERS = 8_000;

export function readSlide(value: unknown): Slide | null {
  if (!isRecord(value)) return null;
  const { id, page, width, height, picture, text } = value;
  const media = (["image/jpeg", "image/webp"] as const).find((one) => one === value.media);
  const size = (one: unknown): one is number => typeof one === "number" && one >= 1 && one <= 8_000;
  if (typeof id !== "string" || !Number.isInteger(page) || !size(width) || !size(height) || !media) return null;
  if (typeof picture !== "string" || picture.length > PICTURE_AT_MOST_BYTES * 2 || !/^[\w+/=]+$/.test(picture) || typeof text !== "string") return null;
  return { id, page: page as number, width, height, media, picture, text: text.slice(0, TEXT_AT_MOST_LETTERS) };
}
