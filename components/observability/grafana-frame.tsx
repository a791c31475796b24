"use client";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Skeleton } from "#components/ui/skeleton.tsx";

const SLOW_MS = 12_000;

/** Grafana in the page; what shows until it is there has its shape. Give it a key, so that a new address starts anew. */
export function GrafanaFrame({ address, title }: { address: string; title: string }) {
  const t = useTranslations("grafana");
  const [state, setState] = useState<"loading" | "slow" | "there">("loading");
  useEffect(() => {
    const timer = setTimeout(() => setState((now) => (now === "loading" ? "slow" : now)), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  const isThere = state === "there";
  return (
    <div className="relative h-[calc(100dvh-17rem)] min-h-120 overflow-hidden rounded-lg border bg-well">
      {isThere ? null : (
        <div className="absolute inset-0 flex flex-col gap-3 p-4">
          <p role="status" className="text-ink-2 text-sm">
            {t(state === "slow" ? "slow" : "loading")}
          </p>
          <div className="grid grid-cols-2 gap-3 md:grid-cols-4">
            {["a", "b", "c", "d"].map((key) => (
              <Skeleton key={key} className="h-20" />
            ))}
          </div>
          <div className="grid flex-1 gap-3 md:grid-cols-2">
            <Skeleton className="h-full" />
            <Skeleton className="h-full max-md:hidden" />
          </div>
        </div>
      )}
      <iframe
        src={address}
        title={title}
        allow="fullscreen"
        onLoad={() => setState("there")}
        className={isThere ? "relative size-full" : "invisible relative size-full"}
      />
    </div>
  );
}
