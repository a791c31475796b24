import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { userSecretsSchema } from "#lib/schemas/user.ts";
import { checkCertificates } from "#stack/doctor/check-certificates.ts";
import { checkDatabase } from "#stack/doctor/check-data.ts";
import { checkDoors } from "#stack/doctor/check-doors.ts";
import { checkFiles } from "#stack/doctor/check-files.ts";
import { checkDisk, checkKernel, checkTimeSync } from "#stack/doctor/check-machine.ts";
import { checkMetering } from "#stack/doctor/check-metering.ts";
import { checkPorts } from "#stack/doctor/check-ports.ts";
import { checkPrograms } from "#stack/doctor/check-programs.ts";
import { checkReach } from "#stack/doctor/check-reach.ts";
import { checkReality } from "#stack/doctor/check-reality.ts";
import { checkRedis } from "#stack/doctor/check-redis.ts";
import { checkVersions } from "#stack/doctor/check-versions.ts";
import { checkWatch } from "#stack/doctor/check-watch.ts";
import { createReport, type Report, reasonOf } from "#stack/doctor/report.ts";
import { readJson } from "#stack/files.ts";
import { readCompleteSettings, type Settings } from "#stack/settings.ts";
import { runMain, StackError } from "#stack/stack-error.ts";
import { stackFile } from "#stack/supervisor/state.ts";

const inputSchema = z.object({ user: userSecretsSchema.nullable() });
const pidsSchema = z.object({ pids: z.record(z.string(), z.number()) }).catch({ pids: {} });

/**
 * Looks at this machine's installation: `{ user }` on stdin (a user made for this, or null), one finding a line on
 * stdout as each group ends. Changes nothing. The CLI (`vpn doctor`) makes the user and says it all in words.
 */
await runMain(async () => {
  const { user } = inputSchema.parse(JSON.parse(await text(process.stdin)));
  const settings = readCompleteSettings();
  if (settings === null) throw new StackError("Nothing is installed here yet. Run: npm run up");
  const { pids } = pidsSchema.parse(readJson(stackFile()) ?? {});
  const isReachable = Promise.withResolvers<boolean>();
  const groups: [string, (report: Report) => Promise<unknown> | undefined][] = [
    ["Programs", (report) => checkPrograms(report, settings)],
    ["Ports", async (report) => checkPorts(report, settings, pids)],
    [
      "Reach",
      async (report) => {
        const reach = await checkReach(report, settings).catch(() => ({ isReachable: false }));
        isReachable.resolve(reach.isReachable);
      },
    ],
    ["Certificates", (report) => checkCertificates(report, settings)],
    ["Reality", (report) => checkReality(report, settings)],
    ["Database", (report) => checkDatabase(report)],
    ["Redis", (report) => checkRedis(report)],
    ["Metering", (report) => checkMetering(report, settings)],
    ["Watching", (report) => checkWatch(report, settings)],
    [
      "Machine",
      async (report) => {
        checkDisk(report);
        await Promise.all([checkKernel(report, pids), checkTimeSync(report)]);
      },
    ],
    ["Versions", (report) => checkVersions(report, pids)],
    ["Files", async (report) => checkFiles(report)],
    [
      "Doors",
      async (report) =>
        checkDoors(report, {
          settings,
          host: await hostFor(settings, isReachable.promise),
          user,
          xrayBin: xrayOf(pids),
        }),
    ],
  ];
  await Promise.all(groups.map(([name, check]) => runGroup(name, check)));
  process.exit(0);
});

/** From the outside in, where this machine can dial its own public name; else its loopback address. */
async function hostFor({ publicHost }: Settings, isReachable: Promise<boolean>): Promise<string> {
  return (await isReachable) ? publicHost : "127.0.0.1";
}

/** The very file that runs; a client of the same version suits it. */
function xrayOf(pids: Record<string, number>): string | null {
  const path = `/proc/${pids.xray}/exe`;
  return pids.xray !== undefined && existsSync(path) ? path : null;
}

async function runGroup(
  name: string,
  check: (report: Report) => Promise<unknown> | undefined,
): Promise<void> {
  const report = createReport(name);
  try {
    await check(report);
  } catch (error) {
    report.failure("check", {
      detail: reasonOf(error),
      meaning: "This could not be looked at.",
      action: "vpn doctor --json, and report it if it stays",
    });
  }
  for (const finding of report.findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
}
