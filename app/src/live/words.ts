import type steer from "./steer/words/en.json";
import type teach from "./teach/words/en.json";
import type groups from "./groups/words/en.json";
import type follow from "./follow/words/en.json";
import type record from "./record/words/en.json";
import type practice from "./practice/words/en.json";
import type ending from "./ending/words/en.json";
import type recording from "./record/video/words/en.json";
import type roles from "./roles/words/en.json";

export type LiveWords = typeof steer & typeof teach & typeof groups & typeof follow & typeof record & typeof recording & typeof ending &
  typeof roles & typeof practice;

/** The words of the live class, by part: loaded with it, so that Today stays small. */
export const LIVE_WORDS = [
  {
    en: () => import("./steer/words/en.json"),
    es: () => import("./steer/words/es.json"),
    ht: () => import("./steer/words/ht.json"),
  },
  {
    en: () => import("./teach/words/en.json"),
    es: () => import("./teach/words/es.json"),
    ht: () => import("./teach/words/ht.json"),
  },
  {
    en: () => import("./groups/words/en.json"),
    es: () => import("./groups/words/es.json"),
    ht: () => import("./groups/words/ht.json"),
  },
  {
    en: () => import("./follow/words/en.json"),
    es: () => import("./follow/words/es.json"),
    ht: () => import("./follow/words/ht.json"),
  },
  {
    en: () => import("./record/words/en.json"),
    es: () => import("./record/words/es.json"),
    ht: () => import("./record/words/ht.json"),
  },
  {
    en: () => import("./record/video/words/en.json"),
    es: () => import("./record/video/words/es.json"),
    ht: () => import("./record/video/words/ht.json"),
  },
  {
    en: () => import("./ending/words/en.json"),
    es: () => import("./ending/words/es.json"),
    ht: () => import("./ending/words/ht.json"),
  },
  {
    en: () => import("./roles/words/en.json"),
    es: () => import("./roles/words/es.json"),
    ht: () => import("./roles/words/ht.json"),
  },
  {
    en: () => import("./practice/words/en.json"),
    es: () => import("./practice/words/es.json"),
    ht: () => import("./practice/words/ht.json"),
  },
];
