import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "#components/api.ts";
import type { LogLine } from "#lib/schemas/log.ts";
import { type LogFilters, toLogQuery } from "./log-query.ts";

export type LiveState = "off" | "connecting" | "live" | "lost" | "ended";
/** Older ones of a long watch are found again by reloading. */
const MOST_LINES = 2_000;
const CATCH_UP = 200;
const RETRY_MS = 3_000;

/**
 * Lines as they are written, newest first, from the server's event stream. What was missed while the connection was
 * away (or before it stood) is asked for once it stands; ids tell what is known already.
 */
export function useLiveLogs(filters: LogFilters, options: { isOn: boolean; newestKnown: string | null }) {
  const { isOn } = options;
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [state, setState] = useState<LiveState>("off");
  const [isSkipping, setSkipping] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const known = useRef(new Set<string>());
  const newest = useRef<string | null>(null);
  const newestKnown = useRef(options.newestKnown);
  useEffect(() => {
    newestKnown.current = options.newestKnown;
  });

  const add = useCallback((some: readonly LogLine[]) => {
    const fresh = some.filter(({ id }) => !known.current.has(id));
    for (const { id } of fresh) known.current.add(id);
    if (fresh.length === 0) return;
    setLines((before) => {
      const all = [...fresh, ...before].toSorted((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
      newest.current = all[0]?.time ?? null;
      return all.slice(0, MOST_LINES);
    });
  }, []);

  const key = JSON.stringify(filters);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other filters are another list
  useEffect(() => {
    known.current.clear();
    newest.current = null;
    setLines([]);
    setSkipping(false);
  }, [key]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` says whether filters differ
  useEffect(() => {
    if (!isOn) return setState("off");
    setState((before) => (before === "lost" ? before : "connecting"));
    let again: ReturnType<typeof setTimeout> | undefined;
    const { from: _, to: __, ...query } = toLogQuery(filters, Date.now());
    const params = new URLSearchParams(query as Record<string, string>);
    const source = new EventSource(`/api/v1/logs/stream?${params}`);
    source.onopen = () => {
      setState("live");
      const from = newest.current ?? newestKnown.current;
      if (from !== null)
        void api.listLogs({ ...query, from, limit: CATCH_UP }).then(
          (page) => add(page.items),
          () => undefined,
        );
    };
    source.addEventListener("lines", (event) => add(JSON.parse(event.data) as LogLine[]));
    source.addEventListener("skipped", () => setSkipping(true));
    source.addEventListener("end", () => {
      source.close();
      setState("ended");
    });
    source.onerror = () => {
      setState((before) => (before === "ended" ? before : "lost"));
      // A browser tries again by itself after a cut, but not after an error that was an answer (502).
      if (source.readyState === EventSource.CLOSED)
        again = setTimeout(() => setAttempt((count) => count + 1), RETRY_MS);
    };
    return () => {
      clearTimeout(again);
      source.close();
    };
  }, [isOn, key, add, attempt]);

  return { lines, state, isSkipping };
}
