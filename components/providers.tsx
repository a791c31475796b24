"use client";
import { isServer, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { ApiError } from "#lib/api-error.ts";
import { releaseEarlyClicks } from "./early-clicks.ts";
import { NowProvider } from "./now.tsx";
import { ToastHost } from "./toast-host.tsx";

/** A session that ended in the meantime: back to the login, and from there to this very page. */
function onQueryError(error: Error) {
  if (isServer || !(error instanceof ApiError) || error.status !== 401) return;
  const { pathname, search } = window.location;
  if (pathname.startsWith("/login") || pathname.startsWith("/invite")) return;
  window.location.assign(`/login?next=${encodeURIComponent(pathname + search)}`);
}

function createQueryClient() {
  return new QueryClient({
    queryCache: new QueryCache({ onError: onQueryError }),
    defaultOptions: {
      queries: {
        staleTime: 4_000,
        retry: (count, error) =>
          count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
        retryDelay: 1_000,
      },
    },
  });
}

export function Providers({ children, now }: { children: ReactNode; now: number }) {
  const [client] = useState(createQueryClient);
  useEffect(releaseEarlyClicks, []);
  return (
    <QueryClientProvider client={client}>
      <NowProvider initial={now}>
        {children}
        <ToastHost />
      </NowProvider>
    </QueryClientProvider>
  );
}
