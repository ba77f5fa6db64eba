import { keepText, keptText } from "../../lib/safe-storage";

const KEPT = "schoolday.class_ended";

/** The grown-up ended this meeting for everybody, as this device has heard. Of the last one only. */
export const noteEnded = (meeting: string): void => keepText(KEPT, meeting);
export const hasEnded = (meeting: string): boolean => keptText(KEPT) === meeting;
