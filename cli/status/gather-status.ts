import type { Cli } from "#cli/cli.ts";
import { explainApi } from "#cli/connection/explain-api.ts";
import { isInContainers, readStack, type Stack } from "#cli/connection/read-stack.ts";
import { readServedCertificate } from "#cli/connection/served-certificate.ts";
import type { ApiClient } from "#lib/api-client.ts";
import { ApiError } from "#lib/api-error.ts";
import type { NodeInfo, Status } from "#lib/schemas/status.ts";
import { findProblems } from "./find-problems.ts";
import { certificateEnd, readCertificateEnds, readDisks, readRates } from "./local-facts.ts";
import { askLocalPrograms } from "./local-programs.ts";
import type { ProgramLine, StatusReport } from "./status-report.ts";

/** A panel that hangs must not keep the rest from being told. */
const PANEL_MS = 6_000;

/** Codes of an API that is not there at all, as opposed to one that says no. */
const AWAY = new Set(["UNREACHABLE", "BAD_ANSWER", "INTERNAL", "UNAVAILABLE"]);

/**
 * The panel's view, and what this machine knows by itself when the installation runs here: that is all there is when
 * the panel is down. Throws when the panel answers and says no.
 */
export async function gatherStatus(cli: Cli, api: ApiClient, version: string): Promise<StatusReport> {
  const stack = cli.target?.source === "stack" ? readStack(cli.dataDir) : null;
  const url = (stack?.panelUrl ?? cli.target?.baseUrl ?? "").replace(/\/api\/v1$/, "");
  const here = stack === null || isInContainers(stack) ? null : stack;
  const [panel, local, rates, served] = await Promise.all([
    askPanel(cli, api),
    here === null ? null : askLocalPrograms(here),
    readRates(here?.ports.prometheus),
    stack === null ? readServedCertificate(url) : null,
  ]);
  const now = cli.now();
  const { status, nodes, error } = panel;
  const facts = {
    url,
    at: status?.at ?? new Date(now).toISOString(),
    panelError: error,
    status,
    nodes,
    programs: mergePrograms(status, local, here),
    rates,
    certificates:
      stack === null
        ? served === null
          ? []
          : [certificateEnd("panel", served.validToDate, now)]
        : readCertificateEnds(cli.dataDir, now),
    disks: stack === null ? [] : readDisks(cli.dataDir),
    versions: versionsOf(version, status, nodes),
  };
  const problems = findProblems(facts, {
    cliVersion: version,
    start: stack === null ? null : here === null ? "docker compose ps, then ./vpn up" : "npm run up",
  });
  return { isWell: !problems.some(({ severity }) => severity === "down"), ...facts, problems };
}

async function askPanel(
  cli: Cli,
  api: ApiClient,
): Promise<{ status: Status | null; nodes: NodeInfo[] | null; error: string | null }> {
  try {
    const call = { signal: AbortSignal.timeout(PANEL_MS) };
    const [status, { items }] = await Promise.all([api.getStatus(call), api.listNodes(call)]);
    return { status, nodes: items, error: null };
  } catch (error) {
    if (error instanceof Error && error.name === "TimeoutError")
      return { status: null, nodes: null, error: `The panel does not answer within ${PANEL_MS / 1_000} s.` };
    if (!(error instanceof ApiError) || !AWAY.has(error.code)) throw error;
    return { status: null, nodes: null, error: explainApi(error, cli) };
  }
}

/** What a program says itself goes before what the panel heard of it; the panel knows the ones elsewhere. */
function mergePrograms(
  status: Status | null,
  local: ProgramLine[] | null,
  stack: Stack | null,
): ProgramLine[] {
  const heard = (status?.programs ?? []).map(
    ({ name, isUp, detail }): ProgramLine => ({
      name,
      state: isUp ? (detail === null ? "up" : "unready") : "down",
      detail: detail?.replace(/\.$/, "") ?? null,
    }),
  );
  if (local === null || stack === null) return heard;
  const own = local.map((line) => {
    const other = heard.find(({ name }) => name === line.name);
    return line.state === "up" && other !== undefined && other.state !== "up" ? other : line;
  });
  return [...own, ...heard.filter(({ name }) => !own.some((line) => line.name === name))];
}

function versionsOf(cliVersion: string, status: Status | null, nodes: NodeInfo[] | null) {
  const cores = [...new Set((nodes ?? []).flatMap(({ xrayVersion }) => xrayVersion ?? []))];
  return {
    causeway: status?.version ?? cliVersion,
    ...(cores.length === 0 ? {} : { xray: cores.join(", ") }),
    node: process.versions.node,
  };
}
