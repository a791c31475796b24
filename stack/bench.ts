import { show } from "#stack/checks.ts";
import { parseFlags } from "#stack/flags.ts";
import { runMain } from "#stack/stack-error.ts";
import { prepareTools } from "#stack/tools.ts";

/** `npm run bench`: ratios against peers within one run (bench/main.ts). */
await runMain(async () => {
  parseFlags({});
  await prepareTools();
  process.exit(await show(process.execPath, ["bench/main.ts"]));
});
