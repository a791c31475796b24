"use client";
import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { listenForToasts } from "./toast.ts";

const SETTLED_MS = 3_000;
const importOutlet = () => import("./toast-outlet.tsx");
const ToastOutlet = dynamic(() => importOutlet().then((module) => module.ToastOutlet), { ssr: false });

/** Nothing until the first toast. */
export function ToastHost() {
  const [count, setCount] = useState(0);
  useEffect(() => listenForToasts(() => setCount((before) => before + 1)), []);
  // One that says that the server is away cannot be fetched from it then.
  useEffect(() => {
    const timer = setTimeout(() => void importOutlet().catch(() => {}), SETTLED_MS);
    return () => clearTimeout(timer);
  }, []);
  return count === 0 ? null : <ToastOutlet wanted={count} />;
}
