import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Cli, ConnectOptions } from "#cli/cli.ts";
import { wrongUse } from "#cli/cli-error.ts";
import { connect } from "#cli/connection/connect.ts";
import { addConnection, defineUnconnected } from "#cli/define-command.ts";
import { formatLogLine } from "#cli/logs/format-log-line.ts";
import { createLocalReader, listLocalPrograms } from "#cli/logs/local-log-reader.ts";
import type { LogReader } from "#cli/logs/log-reader.ts";
import { followLines, readLastLines } from "#cli/logs/read-lines.ts";
import { choiceOption, countOption, momentOption } from "#cli/parse-options.ts";
import { LOG_LEVELS, type LogLevel } from "#lib/log-levels.ts";
import type { LogLine, LogQuery } from "#lib/schemas/log.ts";

const SHOWN = 50;
const SHOWN_SINCE = 10_000;
/** Where the compose stack keeps its files. */
const COMPOSE_LOGS = "/opt/vpn/logs";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Options = {
  follow?: true;
  lines?: number;
  level?: LogLevel;
  user?: string;
  requestId?: string;
  traceId?: string;
  grep?: string;
  since?: string;
  until?: string;
  json?: true;
};

export function logs(parent: Command, cli: Cli): void {
  const command = parent
    .command("logs")
    .description("Show what programs logged: this machine's files, or an installation's with --url")
    .argument("[programs...]", "like web, proxy-auth, traefik (default: all)")
    .option("-f, --follow", "go on with what comes")
    .option(
      "-n, --lines <count>",
      `how many of the last lines (default: ${SHOWN}; with --since all)`,
      countOption,
    )
    .option("--level <level>", "this level or a higher one", choiceOption(LOG_LEVELS))
    .option("--user <name>", "only lines about this user (name or id)")
    .option("--request-id <id>", "only lines of this request")
    .option("--trace-id <id>", "only lines of this trace")
    .option("--grep <text>", "only lines that hold this, in any case")
    .option("--since <time>", "from then on: 1h, 2d, or a time like 2026-12-31T18:00Z", momentOption(cli.now))
    .option("--until <time>", "up to then", momentOption(cli.now));
  defineUnconnected<Options>(cli, addConnection(command), async ({ options }, ...programs) => {
    const reader = await openReader(cli, options, programs);
    const query = toQuery(options, programs);
    const count = options.lines ?? (options.since === undefined ? SHOWN : SHOWN_SINCE);
    const today = () => new Date(cli.now()).toISOString().slice(0, 10);
    const show = (lines: readonly LogLine[]) => {
      for (const line of lines)
        cli.terminal.out(options.json ? JSON.stringify(line) : formatLogLine(cli.terminal, line, today()));
    };
    const shown = await readLastLines(reader, query, count);
    show(shown);
    if (options.follow) {
      const onTrouble = (error: Error | null) =>
        cli.terminal.error(error ? `vpn: ${error.message} Trying again.` : "vpn: going on.");
      const everyMs = options.url === undefined ? 300 : 1_000;
      await followLines({ reader, query, shown, everyMs, now: cli.now, onLines: show, onTrouble });
    }
    if (shown.length === 0 && !options.json)
      cli.terminal.error("No line fits. Try fewer filters, or --since 7d.");
  });
}

function toQuery(options: Options, programs: readonly string[]): LogQuery {
  const { level, user, requestId, traceId, grep, since, until } = options;
  const query = { level, user, requestId, traceId, text: grep, from: since, to: until };
  const set = Object.entries(query).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(set), ...(programs.length === 0 ? {} : { program: programs.join(",") }) };
}

/** The files of this machine when they are here and nobody asked for another: they can be read when the panel is down. */
async function openReader(
  cli: Cli,
  options: Options & ConnectOptions,
  programs: readonly string[],
): Promise<LogReader> {
  const directory = [join(cli.dataDir, "logs"), COMPOSE_LOGS].find((path) => existsSync(path));
  const isRemote = (options.url ?? cli.env.url) !== undefined;
  if (isRemote || directory === undefined) {
    const api = connect(cli, options);
    return { search: (query) => api.listLogs(query) };
  }
  const known = await listLocalPrograms(directory);
  const unknown = programs.find((program) => !known.includes(program));
  if (unknown !== undefined)
    throw wrongUse(`There is no log of “${unknown}”. Choose of: ${known.join(", ")}.`);
  return createLocalReader(directory, await findUserId(cli, options));
}

/** Most lines hold a user's id. Without the panel a name finds those that hold the name. */
async function findUserId(cli: Cli, options: Options & ConnectOptions): Promise<string | undefined> {
  const { user } = options;
  if (user === undefined || UUID.test(user)) return undefined;
  try {
    return (await connect(cli, options).getUser(user, { signal: AbortSignal.timeout(3_000) })).id;
  } catch {
    cli.terminal.error(`The panel does not say who ${user} is: only lines with the name itself are found.`);
    return undefined;
  }
}
