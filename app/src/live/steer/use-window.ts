import { useEffect, useState } from "preact/hooks";

/** The window's size in CSS pixels, again when it changes. */
export function useWindow(): { width: number; height: number } {
  const read = () => ({ width: window.innerWidth, height: window.innerHeight });
  const [size, set] = useState(read);
  useEffect(() => {
    const look = (): void => set(read());
    window.addEventListener("resize", look);
    return () => window.removeEventListener("resize", look);
  }, []);
  return size;
}
