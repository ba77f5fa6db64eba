import { language } from "../i18n";

/** `212,400`, as the reader's language writes it; browsers have no Haitian Creole, which writes as French does. */
export const inDigits = (value: number): string => new Intl.NumberFormat(language.value === "ht" ? "fr" : language.value).format(value);
