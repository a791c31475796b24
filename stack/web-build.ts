import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "#stack/files.ts";
import { ROOT } from "#stack/paths.ts";
import { step } from "#stack/progress.ts";
import { runCommand } from "#stack/run-command.ts";

/** Everything a page or route can import. */
const SOURCES = ["app", "components", "server", "lib", "messages", "public", "prisma/schema.prisma"];
const FILES = ["package.json", "package-lock.json", "tsconfig.json", "next.config.ts", "postcss.config.mjs"];
const ENTRIES = ["instrumentation.ts", "instrumentation-node.ts", "proxy.ts"];

function listFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => listFiles(join(path, name)));
}

/** Changes with every source of the web program; tests and the other programs do not count. */
function sourceHash(): string {
  const hash = createHash("sha256");
  for (const source of [...SOURCES, ...FILES, ...ENTRIES]) {
    for (const path of listFiles(join(ROOT, source))) {
      if (/\.test\.tsx?$|\/server\/(?:proxy-auth|node-agent|controller|generated)\//.test(path)) continue;
      hash.update(path.slice(ROOT.length)).update("\0").update(readFileSync(path)).update("\0");
    }
  }
  return hash.digest("hex");
}

/** Builds the panel and the API when their sources changed since the last build. */
export async function ensureWebBuild(): Promise<void> {
  const marker = join(ROOT, ".next/causeway-source-hash");
  const wanted = sourceHash();
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
