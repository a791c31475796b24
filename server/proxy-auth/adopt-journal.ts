import { join } from "node:path";
import { systemClock } from "#server/clock.ts";
import { readEnv } from "#server/env.ts";
import { InternalApi } from "./replica/internal-api.ts";
import { UsageJournal } from "./usage/usage-journal.ts";

/**
 * Reports what the journals in these directories (arguments) still hold and ends: for processes that are gone. Whoever
 * starts this makes sure that nobody else uses them. Batches keep their boot and number, so nothing counts twice.
 */
const env = readEnv("proxy-auth");
// Whoever started this is gone too: the next one may use these directories.
process.stdin.once("end", () => process.exit(1)).resume();
const api = new InternalApi({ baseUrl: env.WEB_INTERNAL_URL, token: env.INTERNAL_TOKEN_FILE });
try {
  let found = 0;
  for (const directory of process.argv.slice(2)) found += await report(directory);
  process.stdout.write(`${found}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  await api.close();
  process.stdin.destroy();
}

async function report(directory: string): Promise<number> {
  const { journal } = await UsageJournal.open(join(directory, "usage.journal"), systemClock);
  try {
    const found = journal.entries;
    while (journal.entries > 0) {
      await journal.write([], true);
      const batch = journal.outstanding;
      if (batch === null) break;
      const { lastSeq } = await api.sendUsage(batch);
      await journal.acknowledge(batch.seq, lastSeq);
    }
    return found;
  } finally {
    await journal.close();
  }
}
