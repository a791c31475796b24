"use client";
import dynamic from "next/dynamic";
import { useEffect, useState } from "react";
import { listenForToasts } from "./toast.ts";

const ToastOutlet = dynamic(() => import("./toast-outlet.tsx").then((module) => module.ToastOutlet), {
  ssr: false,
});

/** Nothing until the first toast. */
export function ToastHost() {
  const [count, setCount] = useState(0);
  useEffect(() => listenForToasts(() => setCount((before) => before + 1)), []);
  return count === 0 ? null : <ToastOutlet wanted={count} />;
}
