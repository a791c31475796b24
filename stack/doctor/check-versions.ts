import type { Report } from "#stack/doctor/report.ts";
import { PINS } from "#stack/pins.ts";
import { tryCommand } from "#stack/run-command.ts";
import { isAtLeast } from "#stack/tools/version.ts";

type Wanted = { program: string; args: string[]; exactly?: string; minimum?: string };
const WANTED: Wanted[] = [
  { program: "traefik", args: ["version"], exactly: PINS.traefik.version },
  { program: "xray", args: ["version"], exactly: PINS.xray.version },
  { program: "redis", args: ["--version"], minimum: PINS.apt["redis-server"].minimum },
  { program: "prometheus", args: ["--version"], minimum: PINS.apt.prometheus.minimum },
  { program: "postgres", args: ["--version"], minimum: "18" },
];
const NODE_MAJOR = 24;

/** What runs, by asking the very files that run, against what was tried together. */
export async function checkVersions(report: Report, pids: Record<string, number>): Promise<void> {
  const major = Number(process.versions.node.split(".")[0]);
  const found = [`Node.js ${process.versions.node}`];
  if (major < NODE_MAJOR)
    report.failure("Node.js", {
      detail: process.versions.node,
      meaning: `Causeway needs ${NODE_MAJOR}.`,
      action: "npm run up: it brings its own",
    });
  await Promise.all(
    WANTED.map(async ({ program, args, exactly, minimum }) => {
      const pid = pids[program];
      if (pid === undefined) return;
      const result = await tryCommand(`/proc/${pid}/exe`, args);
      const text = `${result.stdout}${result.stderr}`;
      const version = /(\d+(?:\.\d+)+)/.exec(text)?.[1];
      if (version === undefined) return;
      const isRight = exactly === undefined ? isAtLeast(text, minimum ?? "0") : version === exactly;
      if (isRight) found.push(`${program} ${version}`);
      else
        report.warning(program, {
          detail: `${version} runs, ${exactly ?? `${minimum} or newer`} was tried`,
          meaning: "Another version may understand its settings differently.",
          action: "npm run down, then npm run up",
        });
    }),
  );
  report.ok("as tried", found.join(", "));
}
