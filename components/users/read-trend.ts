import { api } from "#components/api.ts";

type Values = (number | null)[];
type Waiting = { id: string; resolve: (values: Values) => void; reject: (cause: unknown) => void };

const GATHER_MS = 60;
const MOST_IDS = 100;
let waiting: Waiting[] = [];

/** One user's days; the rows that come into sight together are asked for together. */
export function readTrend(id: string): Promise<Values> {
  const { promise, resolve, reject } = Promise.withResolvers<Values>();
  waiting.push({ id, resolve, reject });
  if (waiting.length === 1) setTimeout(askForAll, GATHER_MS);
  return promise;
}

function askForAll(): void {
  const all = waiting;
  waiting = [];
  for (let start = 0; start < all.length; start += MOST_IDS) void ask(all.slice(start, start + MOST_IDS));
}

async function ask(some: Waiting[]): Promise<void> {
  try {
    const { lines } = await api.listUsersUsage(some.map(({ id }) => id));
    for (const { id, resolve } of some) resolve(lines.find(({ key }) => key === id)?.values ?? []);
  } catch (cause) {
    for (const { reject } of some) reject(cause);
  }
}
