import { Cell } from "../../../lib/cell";
import { keepText, keptText } from "../../../lib/safe-storage";

const WAITS = "schoolday.recordings_wait";

/** How much of this device's recordings is still on its way: pieces. */
export const onTheirWay = new Cell<{ left: number; all: number } | null>(null);

/** A recording may be waiting on this device: known without opening its database. */
export const mayWait = (): boolean => keptText(WAITS) === "1";
export const noteWaits = (waits: boolean): void => keepText(WAITS, waits ? "1" : "0");
