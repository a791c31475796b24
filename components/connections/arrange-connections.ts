import type { ConnectionList } from "#lib/schemas/connection.ts";
import type { ConnectionFilters } from "./connection-query.ts";

export type Connection = ConnectionList["items"][number];

const bytesOf = ({ upBytes, downBytes }: Connection): number => (upBytes ?? 0) + (downBytes ?? 0);

/** What the filters leave, in the order they ask for. */
export function arrangeConnections(
  items: readonly Connection[],
  { door, sort }: Pick<ConnectionFilters, "door" | "sort">,
): Connection[] {
  const left = items.filter((item) => door === null || item.door === door);
  // As it comes it is the youngest first.
  if (sort === "oldest") return left.toReversed();
  return sort === "bytes" ? left.toSorted((a, b) => bytesOf(b) - bytesOf(a)) : left;
}
