import { existsSync, globSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const FROM_ENV = process.env.XRAY_BIN;

/** The real Xray, or null: then tests that need it are skipped with a printed reason. */
export function findXray(): string | null {
  const candidates = [
    ...(FROM_ENV ? [FROM_ENV] : []),
    ...globSync(join(homedir(), ".cache/causeway/xray-*/xray")),
    "/tmp/gb/main",
  ];
  const found = candidates.find((path) => existsSync(path)) ?? null;
  if (!found) process.stderr.write("skipped: no Xray binary (set XRAY_BIN, or run `npm run up` once)\n");
  return found;
}

export function findSingBox(): string | null {
  const candidates = [
    ...globSync(join(homedir(), ".cache/causeway/sing-box-*/sing-box")),
    "/tmp/gb/sing-box",
  ];
  return candidates.find((path) => existsSync(path)) ?? null;
}
