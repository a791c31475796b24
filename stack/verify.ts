import { conclude, lint, quickUnit, types } from "#stack/checks.ts";
import { parseFlags } from "#stack/flags.ts";
import { runMain } from "#stack/stack-error.ts";
import { findPackaged } from "#stack/tools/packaged.ts";

/** `npm run verify`: what can be known in seconds, without starting the stack. */
await runMain(async () => {
  parseFlags({});
  await findPackaged("redis-server");
  const [checkedTypes, checkedLint] = await Promise.all([types(), lint()]);
  conclude([checkedTypes, checkedLint, await quickUnit()]);
});
