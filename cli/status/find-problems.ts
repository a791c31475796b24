import { formatBytes } from "#lib/format-bytes.ts";
import type { Problem, StatusReport } from "./status-report.ts";

const CERTIFICATE_DAYS = 14;
const LOW_FREE_SHARE = 0.1;
const LOW_FREE_BYTES = 2e9;
const FULL_FREE_BYTES = 2e8;
const LATE_CHANGES = 50;
const log = (program: string) =>
  `vpn logs ${program === "postgres" || program === "redis" ? program : program === "xray" ? "node-agent" : program}`;

/** What needs somebody, the worst first, each with what to do. `start` starts it here; null: it is elsewhere. */
export function findProblems(
  facts: Omit<StatusReport, "isWell" | "problems">,
  { cliVersion, start }: { cliVersion: string; start: string | null },
): Problem[] {
  const problems = [
    ...panelProblem(facts, start),
    ...programProblems(facts, start),
    ...nodeProblems(facts),
    ...certificateProblems(facts),
    ...diskProblems(facts),
    ...alertProblems(facts),
    ...noticeProblems(facts),
  ];
  if (facts.status !== null && facts.status.version !== cliVersion)
    problems.push({
      severity: "warning",
      what: `This CLI is version ${cliVersion}, the server ${facts.status.version}.`,
      action: start ?? "git pull, in this checkout",
    });
  return problems.sort((a, b) => Number(b.severity === "down") - Number(a.severity === "down"));
}

function panelProblem({ panelError }: Pick<StatusReport, "panelError">, start: string | null): Problem[] {
  if (panelError === null) return [];
  return [{ severity: "down", what: panelError, action: start ?? "vpn doctor, on that machine" }];
}

function programProblems({ programs }: Pick<StatusReport, "programs">, start: string | null): Problem[] {
  const down = programs.filter(({ state }) => state === "down");
  const unready = programs.filter(({ state }) => state === "unready");
  return [
    ...down.map(
      ({ name, detail }): Problem => ({
        severity: "down",
        what: `${name} is down${detail === null ? "" : `: ${detail}`}. It is started again by itself within seconds.`,
        action:
          start === null ? "vpn doctor, on that machine" : `${log(name)}, and if it stays down: ${start}`,
      }),
    ),
    // What waits for something that is down will be well when that is.
    ...unready
      .filter(({ detail }) => down.length === 0 || !down.some(({ name }) => detail?.includes(name)))
      .map(
        ({ name, detail }): Problem => ({
          severity: "down",
          what: `${name} is not ready: ${detail ?? "it does not say why"}.`,
          action: log(name),
        }),
      ),
  ];
}

function nodeProblems({ nodes }: Pick<StatusReport, "nodes">): Problem[] {
  return (nodes ?? []).flatMap((node): Problem[] => {
    if (node.enrolment?.isPending)
      return [
        {
          severity: "warning",
          what: `Node ${node.name} has not joined yet.`,
          action: `run the join command on its machine; a new one: vpn node invite ${node.name}`,
        },
      ];
    if (!node.isUp)
      return [
        {
          severity: "down",
          what: `Node ${node.name} is not in reach: changes wait for it. ${node.lastError ?? ""}`.trim(),
          action: `vpn node show ${node.name}`,
        },
      ];
    if (!node.isXrayUp)
      return [
        { severity: "down", what: `Xray does not run on node ${node.name}.`, action: "vpn logs node-agent" },
      ];
    if (node.revisionBehind > LATE_CHANGES)
      return [
        {
          severity: "warning",
          what: `Node ${node.name} is ${node.revisionBehind} changes behind.`,
          action: "vpn logs controller",
        },
      ];
    return [];
  });
}

function certificateProblems({ certificates }: Pick<StatusReport, "certificates">): Problem[] {
  return certificates
    .filter(({ daysLeft }) => daysLeft < CERTIFICATE_DAYS)
    .map(({ name, daysLeft }) => ({
      severity: daysLeft < 0 ? "down" : "warning",
      what: `The certificate “${name}” ${daysLeft < 0 ? "has ended" : `ends in ${daysLeft} days`}.`,
      action: "npm run down, then npm run up: it makes a new one",
    }));
}

function diskProblems({ disks }: Pick<StatusReport, "disks">): Problem[] {
  return disks
    .filter(
      ({ freeBytes, totalBytes }) => freeBytes < LOW_FREE_BYTES && freeBytes < totalBytes * LOW_FREE_SHARE,
    )
    .map(({ path, freeBytes }) => ({
      severity: freeBytes < FULL_FREE_BYTES ? "down" : "warning",
      what: `Only ${formatBytes(freeBytes)} are free on the disk of ${path}.`,
      action: `du -xh --max-depth=2 ${path} | sort -h | tail`,
    }));
}

/** What Prometheus warns of; that a program is down is said above, at once and not after a while. */
function alertProblems({ status, programs }: Pick<StatusReport, "status" | "programs">): Problem[] {
  const bad = programs.filter(({ state }) => state !== "up").map(({ name }) => name);
  return (status?.alerts ?? [])
    .filter(({ summary }) => !bad.some((name) => summary.toLowerCase().includes(name)))
    .map(({ name, severity, summary, description }) => ({
      severity: severity === "critical" ? "down" : "warning",
      what: description === "" ? `${summary}.` : `${summary}: ${description}`,
      action: `docs/operations.md, “${name}”`,
    }));
}

/** Notices about nodes that are down are said above, from the nodes themselves. */
function noticeProblems({ status }: Pick<StatusReport, "status">): Problem[] {
  return (status?.notices ?? [])
    .filter((notice) => !notice.includes("is not in reach"))
    .map((what) => ({ severity: "warning", what, action: "vpn doctor" }));
}
