import { randomBytes } from "node:crypto";
import type { Cli } from "#cli/cli.ts";
import type { ApiClient } from "#lib/api-client.ts";
import { ApiError } from "#lib/api-error.ts";
import type { UserSecrets } from "#lib/schemas/user.ts";

const NOTE = "Made by vpn doctor to try the doors; goes away by itself.";
/** A panel that hangs must not keep the doctor waiting. */
const PANEL_MS = 6_000;
const LIVES_MS = 10 * 60_000;
const LIMIT_BYTES = 10_000_000;

/** Somebody to try the doors with, gone afterwards; null when nobody can be made. Clears up after a doctor that was killed. */
export async function withTemporaryUser<T>(
  cli: Cli,
  api: ApiClient,
  work: (user: UserSecrets | null) => Promise<T>,
): Promise<T> {
  const user = await makeUser(cli, api);
  if (user === null) return work(null);
  const remove = () => api.deleteUser(user.id).catch(() => undefined);
  const onSignal = () => void remove().finally(() => process.exit(130));
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  try {
    return await work(user);
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
    await remove();
  }
}

async function makeUser(cli: Cli, api: ApiClient): Promise<UserSecrets | null> {
  try {
    await removeLeftovers(cli, api);
    return await api.createUser({
      name: `doctor-${randomBytes(4).toString("hex")}`,
      note: NOTE,
      limitBytes: LIMIT_BYTES,
      expiresAt: new Date(cli.now() + LIVES_MS).toISOString(),
    });
  } catch (error) {
    if (error instanceof ApiError || (error instanceof Error && error.name === "TimeoutError")) return null;
    throw error;
  }
}

async function removeLeftovers(cli: Cli, api: ApiClient): Promise<void> {
  const call = { signal: AbortSignal.timeout(PANEL_MS) };
  const { items } = await api.listUsers({ query: NOTE, limit: 50 }, call);
  for (const { id, name, note, createdAt } of items) {
    // A doctor that runs at the same time keeps its own.
    const isOld = cli.now() - Date.parse(createdAt) > LIVES_MS;
    if (isOld && note === NOTE && name.startsWith("doctor-")) await api.deleteUser(id).catch(() => undefined);
  }
}
