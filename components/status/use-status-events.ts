import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { queryKeys } from "#components/query-keys.ts";
import type { Status } from "#lib/schemas/status.ts";

let isLive = false;
const watchers = new Set<() => void>();

function setLive(next: boolean): void {
  if (isLive === next) return;
  isLive = next;
  for (const watcher of watchers) watcher();
}

/** True while the server tells the status by itself; then nobody has to ask. */
export const useIsStatusLive = () =>
  useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => isLive,
    () => false,
  );

/** Keeps the status in the query cache as the server tells it, while the page is in sight. Once a page. */
export function useStatusEvents(isOn: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!isOn) return;
    let close: (() => void) | null = null;
    const follow = () => {
      const isInSight = document.visibilityState === "visible";
      if (isInSight) close ??= openEvents(client);
      else {
        close?.();
        close = null;
      }
    };
    follow();
    document.addEventListener("visibilitychange", follow);
    return () => {
      document.removeEventListener("visibilitychange", follow);
      close?.();
    };
  }, [isOn, client]);
}

function openEvents(client: QueryClient): () => void {
  const source = new EventSource("/api/v1/events");
  source.addEventListener("status", (event) => {
    client.setQueryData(queryKeys.status, JSON.parse(event.data) as Status);
    setLive(true);
  });
  // Asking again says what is wrong in words.
  source.addEventListener("lost", () => setLive(false));
  source.addEventListener("end", () => {
    source.close();
    setLive(false);
    void client.invalidateQueries({ queryKey: queryKeys.status });
  });
  source.onerror = () => setLive(false);
  return () => {
    source.close();
    setLive(false);
  };
}
