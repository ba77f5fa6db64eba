import { useEffect, useState } from "preact/hooks";
import { nowSeconds } from "../lib/clock";

/** The servers' time in seconds, ticking. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(nowSeconds());
  useEffect(() => {
    const timer = setInterval(() => setNow(nowSeconds()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
