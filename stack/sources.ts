import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "#stack/paths.ts";

const COMMON = ["lib", "prisma", "package.json", "package-lock.json"];
/** Everything a page or route can import. */
const WEB = [
  ...COMMON,
  ...["app", "components", "messages", "public", "server"],
  ...["instrumentation.ts", "proxy.ts", "next.config.ts", "postcss.config.mjs", "tsconfig.json"],
];
const NOT_WEB = /\/server\/(?:proxy-auth|node-agent|controller|provision|generated|xray\/generated)\//;

function listFiles(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => listFiles(join(path, name)));
}

function hashOf(paths: string[], except: RegExp): string {
  const hash = createHash("sha256");
  for (const path of paths.flatMap((source) => listFiles(join(ROOT, source)))) {
    if (/\.test\.tsx?$/.test(path) || except.test(path)) continue;
    hash.update(path.slice(ROOT.length)).update("\0").update(readFileSync(path)).update("\0");
  }
  return hash.digest("hex");
}

/** Changes with every source of the web program; tests and the other programs do not count. */
export const webHash = () => hashOf(WEB, NOT_WEB);

/** Changes with every source of what runs. */
export const programsHash = () => hashOf([...WEB, "stack"], /\/generated\//);
