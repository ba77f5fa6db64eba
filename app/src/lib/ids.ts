import { v7 } from "uuid";

/** Return a new event id (UUIDv7). Its time part is the device's: an id, never a clock. */
export const newEventId = (): string => v7();

/** Return the person's id of a live identity (`<person>.<device>`). */
export const personOf = (identity: string): string => identity.split(".", 1)[0] ?? identity;
