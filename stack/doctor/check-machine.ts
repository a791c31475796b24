import { closeSync, fsyncSync, openSync, readFileSync, rmSync, statfsSync, writeSync } from "node:fs";
import { formatBytes } from "#lib/format-bytes.ts";
import { type Report, reasonOf } from "#stack/doctor/report.ts";
import { DATA, inData } from "#stack/paths.ts";
import { tryCommand } from "#stack/run-command.ts";

const LOW_BYTES = 2e9;
const LOW_SHARE = 0.1;
const FULL_BYTES = 2e8;
const FEW_FILES = 4_096;
const CAP_NET_ADMIN = 12n;

/** Room on the disk, by bytes and by inodes, and whether writing works. */
export function checkDisk(report: Report): void {
  const { bavail, blocks, bsize, ffree, files } = statfsSync(DATA);
  const [free, total] = [bavail * bsize, blocks * bsize];
  const words = `${formatBytes(free)} free of ${formatBytes(total)}`;
  const bad = {
    detail: words,
    meaning: "When it is full, usage cannot be journaled and PostgreSQL stops.",
    action: `du -xh --max-depth=2 ${DATA} | sort -h | tail`,
  };
  if (free < FULL_BYTES) report.failure("space", bad);
  else if (free < LOW_BYTES && free < total * LOW_SHARE) report.warning("space", bad);
  else report.ok("space", words);
  if (files > 0 && ffree < files * 0.02)
    report.failure("inodes", {
      ...bad,
      detail: `only ${ffree} of ${files} inodes are free`,
      action: `du --inodes -x --max-depth=2 ${DATA} | sort -n | tail`,
    });
  const path = inData("run", `doctor-${process.pid}`);
  try {
    const file = openSync(path, "w", 0o600);
    writeSync(file, "x".repeat(4_096));
    fsyncSync(file);
    closeSync(file);
  } catch (error) {
    report.failure("writing", { ...bad, detail: `${DATA} cannot be written: ${reasonOf(error)}` });
  } finally {
    rmSync(path, { force: true });
  }
}

/** What ending a live connection takes, and enough open files for many of them. */
export async function checkKernel(report: Report, pids: Record<string, number>): Promise<void> {
  const agent = pids["node-agent"];
  const capabilities = agent === undefined ? null : readField(agent, "status", /^CapEff:\s*([0-9a-f]+)$/m);
  const canKill = capabilities !== null && ((BigInt(`0x${capabilities}`) >> CAP_NET_ADMIN) & 1n) === 1n;
  const meaning = "Who is switched off stays connected by VPN until the connection closes by itself.";
  if (agent !== undefined && !canKill)
    report.warning("CAP_NET_ADMIN", {
      detail: "the node agent does not have it",
      meaning,
      action: "npm run down, then as root: npm run up",
    });
  else if (agent !== undefined) report.ok("CAP_NET_ADMIN", "the node agent may end connections");
  // An address of the documentation range: no socket is hit.
  const killed = await tryCommand("ss", ["-K", "dst", "192.0.2.1", "dport", "=", "1"]);
  if (killed.code === 127)
    report.warning("ss", { detail: "the tool is missing", meaning, action: "apt-get install iproute2" });
  else if (/not supported|Operation not permitted|SOCK_DESTROY/i.test(killed.stderr))
    report.warning("ss -K", {
      detail: killed.stderr.trim().split("\n")[0] ?? "it does not work",
      meaning,
      action: "use a kernel with CONFIG_INET_DIAG_DESTROY, and run as root",
    });
  else report.ok("ss -K", "the kernel ends connections when asked");
  for (const name of ["traefik", "proxy-auth", "xray"]) {
    const pid = pids[name];
    const limit = pid === undefined ? null : readField(pid, "limits", /^Max open files\s+(\d+)/m);
    if (limit !== null && Number(limit) < FEW_FILES)
      report.warning(`open files of ${name}`, {
        detail: `at most ${limit}`,
        meaning: "Each connection takes one or two.",
        action: "ulimit -n 65536, then npm run down and npm run up in the same shell",
      });
  }
}

function readField(pid: number, file: string, pattern: RegExp): string | null {
  try {
    return pattern.exec(readFileSync(`/proc/${pid}/${file}`, "utf8"))?.[1] ?? null;
  } catch {
    return null;
  }
}

/** Whether the kernel's clock is kept by somebody; null when nobody can be asked. */
export async function checkTimeSync(report: Report): Promise<void> {
  const asked = await tryCommand("timedatectl", ["show", "-p", "NTPSynchronized", "--value"]);
  const answer = asked.stdout.trim();
  if (asked.code !== 0 || answer === "")
    return void report.skipped("time service", "timedatectl is not here: see that some NTP client runs");
  if (answer === "yes") report.ok("time service", "the clock is kept by NTP");
  else
    report.warning("time service", {
      detail: "the clock is not synchronised",
      meaning: "Expiry, sign-ins and Reality (120 s) go by the clock.",
      action: "timedatectl set-ntp true",
    });
}
