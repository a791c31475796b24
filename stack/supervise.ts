import { writeAtomic } from "#stack/files.ts";
import { identify, stopProcesses } from "#stack/process-table.ts";
import { Keeper } from "#stack/supervisor/keeper.ts";
import { type Message, messageSchema } from "#stack/supervisor/protocol.ts";
import { rotateLogs } from "#stack/supervisor/rotate-logs.ts";
import { findXray, forgetRun, stackFile, writeProcesses, writeSupervisor } from "#stack/supervisor/state.ts";

/** The order of going down: doors first, then those behind them, the data last. */
const STOP_ORDER = [
  ["traefik"],
  ["node-agent", "proxy-auth", "web", "controller", "prometheus"],
  ["redis", "postgres", "jaeger"],
];
const XRAY_POLL_MS = 250;
const LOG_LOOK_MS = 5_000;

const keepers = new Map<string, Keeper>();
let description: Extract<Message, { kind: "describe" }> | undefined;
let written = "";
let isSettled = false;
let isStopping = false;

const log = (msg: string) =>
  process.stdout.write(
    `${JSON.stringify({ level: "info", time: new Date().toISOString(), program: "supervisor", msg })}\n`,
  );
const xray = () => (description ? findXray(description.xrayPidFile, description.xrayBin) : null);

/** stack.json is what others read; processes.json is for whoever cleans up after a supervisor that was killed. */
function publish(): void {
  if (isStopping || description === undefined) return;
  const living = [...keepers].flatMap(([name, { identity }]) =>
    identity ? [[name, identity] as const] : [],
  );
  const core = xray();
  const all = Object.fromEntries(core ? [...living, ["xray", core] as const] : living);
  const pids = Object.fromEntries(Object.entries(all).map(([name, { pid }]) => [name, pid]));
  const text = `${JSON.stringify({ ...description.facts, pids }, null, 2)}\n`;
  if (text === written) return;
  try {
    writeProcesses(all);
    writeAtomic(stackFile(), text);
    written = text;
  } catch (error) {
    // A full disk must not end the supervisor: the next change tries again.
    log(`stack.json could not be written: ${(error as Error).message}`);
  }
}

function start(message: Extract<Message, { kind: "start" }>): void {
  for (const spec of message.programs) {
    if (isStopping || keepers.has(spec.name)) continue;
    const keeper = new Keeper(spec, { onChange: publish, onLog: log });
    keepers.set(spec.name, keeper);
    keeper.start();
  }
}

async function stop(reason: string): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  log(`stopping: ${reason}`);
  for (const group of STOP_ORDER) {
    await Promise.all(group.map((name) => keepers.get(name)?.stop()));
    const core = xray();
    // Xray is the agent's child in spirit only: once the agent is gone, it is ours to end.
    if (group.includes("node-agent") && core) await stopProcesses([core], { patienceMs: 2_000 });
  }
  forgetRun();
  log("stopped");
  process.exit(0);
}

const self = identify(process.pid);
if (self !== null) writeSupervisor(self);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => void stop(signal));
process.on("SIGHUP", () => {});
process.on("disconnect", () => {
  if (!isSettled) void stop("the launcher went away before the stack was ready");
});
process.on("message", (raw) => {
  const message = messageSchema.parse(raw);
  if (message.kind === "describe") description = message;
  else if (message.kind === "start") start(message);
  else isSettled = true;
});
setInterval(publish, XRAY_POLL_MS);
setInterval(() => rotateLogs((program) => keepers.get(program)?.identity ?? null, log), LOG_LOOK_MS);
