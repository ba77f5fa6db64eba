import { useState } from "preact/hooks";
import { useCell } from "../ui/use-cell";
import type { Classroom } from "./classroom";

/** How many messages of others came since the chat was open last. */
export function useUnread(classroom: Classroom, open: boolean): number {
  const messages = useCell(classroom.chat);
  const [seen, setSeen] = useState(-1);
  const last = Math.max(-1, ...messages.map((message) => message.key));
  if (open && seen < last) setSeen(last);
  return open ? 0 : messages.filter((one) => one.key > seen && one.sub !== classroom.me).length;
}
