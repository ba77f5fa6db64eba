/** Say whether it is a practice class: its students are programs, and nothing of it is kept anywhere. */
export const isPractice = (meeting: string): boolean => meeting.startsWith("practice-");
