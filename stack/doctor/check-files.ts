import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Report } from "#stack/doctor/report.ts";
import { DATA, inData } from "#stack/paths.ts";

/** Secrets are for the user who runs the stack, and for nobody else. */
export function checkFiles(report: Report): void {
  const directories = ["secrets", "node", "run", "logs"].map((name) => inData(name));
  const secrets = inDirectory(inData("secrets"), () => true);
  const keys = inDirectory(inData("pki"), (name) => name.endsWith(".key"));
  const single = ["stack.json", "settings.json", "node/xray.json"].map((name) => inData(name));
  const paths = [...directories, ...secrets, ...keys, ...single].filter((path) => existsSync(path));
  const open = paths.filter((path) => (statSync(path).mode & 0o077) !== 0);
  if (open.length === 0)
    return void report.ok("modes", `${paths.length} secret files and directories are the owner's alone`);
  const rest = open.length > 3 ? ` and ${open.length - 3} more` : "";
  const short = (path: string) => path.slice(DATA.length + 1);
  report.failure("modes", {
    detail: `others on this machine can open ${open.slice(0, 3).map(short).join(", ")}${rest}`,
    meaning:
      "Whoever reads them opens the installation. If strangers had access, rotate too: vpn owner reset, vpn user rotate.",
    action: `chmod go= ${open.join(" ")}`,
  });
}

function inDirectory(directory: string, isWanted: (name: string) => boolean): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter(isWanted)
    .map((name) => join(directory, name));
}
