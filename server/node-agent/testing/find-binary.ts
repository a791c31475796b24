import { existsSync, globSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

function findTool(name: string, others: (string | undefined)[]): string | null {
  const cached = globSync(join(homedir(), `.cache/causeway/${name}-*/${name}`));
  const found = [...others, ...cached].find((path) => path !== undefined && existsSync(path));
  if (!found) process.stderr.write(`tests with ${name} are skipped: run \`npm run up\` once to fetch it\n`);
  return found ?? null;
}

/** The real programs, or null: then tests that need one are skipped with a printed reason. */
export const findXray = () => findTool("xray", [process.env.XRAY_BIN]);
export const findSingBox = () => findTool("sing-box", []);
export const findTraefik = () => findTool("traefik", []);
