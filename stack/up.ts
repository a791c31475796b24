import { setTimeout as sleep } from "node:timers/promises";
import { bringUp } from "#stack/bring-up.ts";
import { parseExtras } from "#stack/extras.ts";
import { parseFlags } from "#stack/flags.ts";
import { withLaunchLock } from "#stack/launch-lock.ts";
import { readJoined } from "#stack/node/joined.ts";
import { printResult } from "#stack/print-result.ts";
import { isAlive } from "#stack/process-table.ts";
import { say } from "#stack/progress.ts";
import { forgetOwnerPassword } from "#stack/provision.ts";
import { parseHost } from "#stack/public-host.ts";
import { runMain, StackError } from "#stack/stack-error.ts";
import { stopStack } from "#stack/stop-stack.ts";
import { findSupervisor } from "#stack/supervisor/state.ts";

/** `npm run up`: sets up, starts, checks and prints; stays until Ctrl-C unless --detach. */
await runMain(async () => {
  const flags = parseFlags({
    detach: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    host: { type: "string" },
    with: { type: "string", multiple: true },
    without: { type: "string", multiple: true },
  });
  const node = readJoined();
  if (node !== null)
    throw new StackError(
      `This data directory is the node “${node.name}” of ${node.url}: start it with npm run join. For an installation of its own use another checkout.`,
    );
  const host = flags.host === undefined ? null : parseHost(flags.host);
  const result = await withLaunchLock(() => bringUp({ host, jaeger: parseExtras(flags).jaeger }));
  await printResult(result, flags.json);
  forgetOwnerPassword();
  if (flags.detach) process.exit(0);
  say("Press Ctrl-C to stop it. (With --detach it goes on in the background until `npm run down`.)");
  await untilEnd();
  await withLaunchLock(stopStack);
  process.exit(0);
});

/** A signal to us, or the end of the supervisor by somebody else's `npm run down`. */
async function untilEnd(): Promise<void> {
  const asked = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve());
  });
  const supervisor = findSupervisor();
  const ended = (async () => {
    while (supervisor !== null && isAlive(supervisor)) await sleep(500);
  })();
  await Promise.race([asked, ended]);
  say("Stopping…");
}
