import { existsSync } from "node:fs";
import { parseFlags } from "#stack/flags.ts";
import { withLaunchLock } from "#stack/launch-lock.ts";
import { DATA } from "#stack/paths.ts";
import { say } from "#stack/progress.ts";
import { runMain } from "#stack/stack-error.ts";
import { stopStack } from "#stack/stop-stack.ts";

/** `npm run down`: nothing of this installation runs afterwards. */
await runMain(async () => {
  parseFlags({});
  if (!existsSync(DATA)) return say("Nothing was running.");
  const wasRunning = await withLaunchLock(stopStack);
  say(wasRunning ? "Stopped." : "Nothing was running.");
});
