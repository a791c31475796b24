"use client";
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";

const NowContext = createContext(0);

/** One clock for all relative times; starts with the server's, so that the first render is the same. */
export function NowProvider({ initial, children }: { initial: number; children: ReactNode }) {
  const [now, setNow] = useState(initial);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  return <NowContext value={now}>{children}</NowContext>;
}

export const useNow = () => useContext(NowContext);

const never = () => () => {};
const readTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** UTC in the server's render, then the reader's own. */
export const useTimeZone = () => useSyncExternalStore(never, readTimeZone, () => "UTC");
