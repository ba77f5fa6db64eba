import { useEffect, useState } from "preact/hooks";
import type { Cell } from "../lib/cell";

/** Show a cell's value, and show it again when it changes. */
export function useCell<T>(cell: Cell<T>): T {
  const [, again] = useState({});
  useEffect(() => cell.watch(() => again({})), [cell]);
  return cell.value;
}
