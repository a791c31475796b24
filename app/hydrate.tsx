import { dehydrate, HydrationBoundary, QueryClient, type QueryKey } from "@tanstack/react-query";
import type { ReactNode } from "react";

/** Puts what the server has read into the browser's query cache, so that the first view needs no fetch; null = not read. */
export function Hydrate(props: { entries: [QueryKey, unknown][]; children: ReactNode }) {
  const client = new QueryClient();
  for (const [key, data] of props.entries) {
    if (data !== null) client.setQueryData(key, data);
  }
  return <HydrationBoundary state={dehydrate(client)}>{props.children}</HydrationBoundary>;
}
