import { readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The tools that `npm run up` and `npm test` have fetched (stack/pins.ts). */
function cached(tool: string, binary: string): string {
  const root = process.env.CAUSEWAY_CACHE_DIR ?? join(homedir(), ".cache", "causeway");
  const folder = readdirSync(root).find((name) => name.startsWith(`${tool}-`));
  if (folder === undefined) throw new Error(`${tool} is not in ${root}: run npm test, which fetches it`);
  return join(root, folder, binary);
}

export const XRAY_BIN: string = cached("xray", "xray");
export const SING_BOX_BIN: string = cached("sing-box", "sing-box");
