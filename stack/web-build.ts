import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "#stack/files.ts";
import { ROOT } from "#stack/paths.ts";
import { step } from "#stack/progress.ts";
import { runCommand } from "#stack/run-command.ts";
import { webHash } from "#stack/sources.ts";

/** Builds the panel and the API when their sources changed since the last build. */
export async function ensureWebBuild(): Promise<void> {
  const marker = join(ROOT, ".next/causeway-source-hash");
  const wanted = webHash();
  if (existsSync(marker) && readFileSync(marker, "utf8") === wanted) return;
  await step("Building the web program (about a minute)", async () => {
    const args = [join(ROOT, "node_modules/next/dist/bin/next"), "build"];
    await runCommand(process.execPath, args, "next build", {
      cwd: ROOT,
      env: { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" },
    });
    writeAtomic(marker, wanted, 0o644);
  });
}
