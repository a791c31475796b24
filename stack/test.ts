import { conclude, lint, type Outcome, types, unit, vitest } from "#stack/checks.ts";
import { parseFlags } from "#stack/flags.ts";
import { say } from "#stack/progress.ts";
import { runMain } from "#stack/stack-error.ts";
import { prepareTestTools, prepareTools } from "#stack/tools.ts";
import { ensureWebBuild } from "#stack/web-build.ts";

/** `npm test`: everything, with its own set-up; goes on after a failure so that one run shows them all. */
await runMain(async () => {
  parseFlags({});
  await Promise.all([prepareTools(), prepareTestTools()]);
  const outcomes = [await types(), await lint(), await unit(), await build()];
  if (outcomes.at(-1)?.failed === 0)
    outcomes.push(await vitest("end to end, real programs", ["--config", "e2e/vitest.config.ts"]));
  else say("The end-to-end tests were not run: there is no build.");
  outcomes.push(
    await vitest("containers, a real Docker engine", ["--config", "e2e/compose/vitest.config.ts"]),
  );
  conclude(outcomes);
});

async function build(): Promise<Outcome> {
  const started = performance.now();
  const failed = await ensureWebBuild().then(
    () => 0,
    (error: Error) => {
      say(error.message);
      return 1;
    },
  );
  return { name: "build", passed: 1 - failed, failed, seconds: (performance.now() - started) / 1_000 };
}
