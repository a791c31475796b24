import { readEnv } from "#server/env.ts";
import { onLoopback } from "#stack/addresses.ts";
import { canEndSockets } from "#stack/capabilities.ts";
import { type Choice, chooseSettings, settingsOfRunning, wantsJaeger } from "#stack/choose-settings.ts";
import { inData } from "#stack/paths.ts";
import { ensureCertificates } from "#stack/pki/certificates.ts";
import { PortClaims } from "#stack/port-claims.ts";
import { ensureDatabase, ensureReader, preparePostgres } from "#stack/postgres/prepare.ts";
import { dataPrograms, edgePrograms, ourPrograms, readyUrls, stackFacts } from "#stack/programs.ts";
import { say, step } from "#stack/progress.ts";
import { migrate, type Provisioned, provision } from "#stack/provision.ts";
import { describeReach } from "#stack/public-host.ts";
import { ensureSecrets } from "#stack/secrets.ts";
import { selfCheck } from "#stack/self-check.ts";
import { panelUrl, type Settings, writeSettings } from "#stack/settings.ts";
import { programsHash } from "#stack/sources.ts";
import { startSupervisor } from "#stack/start-supervisor.ts";
import { stopStack } from "#stack/stop-stack.ts";
import { writeSources } from "#stack/supervisor/state.ts";
import { prepareTools, type Tools } from "#stack/tools.ts";
import { waitPort, waitReady } from "#stack/wait-ready.ts";
import { ensureWebBuild } from "#stack/web-build.ts";

export type UpResult = Provisioned & { panelUrl: string; apiUrl: string };

/** Everything from nothing to a stack whose doors were all walked through. */
export async function bringUp(choice: Choice): Promise<UpResult> {
  const running = settingsOfRunning(choice);
  const tools = await prepareTools({ hasJaeger: wantsJaeger(choice) });
  const result = running === null ? await start(choice, tools) : await checkAgain(running, tools);
  const reach = describeReach(result.settings.publicHost);
  if (reach !== null) say(`Note: ${reach}`);
  if (!canEndSockets())
    say(
      "Note: no CAP_NET_ADMIN: a user's live VPN connections end only when they close. Run as root for more.",
    );
  if (result.settings.keepsDestinations)
    say(
      "Warning: LOG_DESTINATIONS=1: what people visit through the VPN and the proxies is written to the logs. Start without it to stop this; what is written already goes after LOG_KEEP_DAYS.",
    );
  const url = panelUrl(result.settings);
  return { panelUrl: url, apiUrl: `${url}/api/v1`, ...result.provisioned };
}

async function checkAgain(settings: Settings, tools: Tools) {
  say("It is running already: checking it.");
  const secrets = ensureSecrets(onLoopback(settings.ports));
  await step("Waiting for the programs", () => waitReady(readyUrls(settings), 30_000));
  const provisioned = await provision(settings, onLoopback(settings.ports), secrets);
  await checkDoors(settings, tools, provisioned);
  return { settings, provisioned };
}

async function start(choice: Choice, tools: Tools) {
  if (await stopStack()) say("Stopped what was running with other settings, older code or no supervisor.");
  const sources = programsHash();
  await ensureWebBuild();
  const claims = new PortClaims();
  const settings = await chooseSettings(choice, claims);
  writeSettings(settings);
  const secrets = ensureSecrets(onLoopback(settings.ports));
  await ensureCertificates(settings.publicHost, settings.realityServerName);
  const runner = await preparePostgres(tools.postgresBin, secrets);
  const supervisor = startSupervisor();
  try {
    const xrayPidFile = inData("node", "xray.pid");
    const facts = stackFacts(settings);
    await supervisor.send({ kind: "describe", facts, xrayPidFile, xrayBin: tools.xray });
    await supervisor.send({ kind: "start", programs: dataPrograms(settings, tools, runner) });
    await supervisor.send({ kind: "start", programs: edgePrograms(settings, tools) });
    const provisioned = await step("Preparing the database", async () => {
      await ensureDatabase(onLoopback(settings.ports).of("postgres"), secrets);
      await waitPort("redis", settings.ports.redis, 10_000);
      await migrate();
      await ensureReader(onLoopback(settings.ports).of("postgres"), secrets);
      return provision(settings, onLoopback(settings.ports), secrets);
    });
    await step("Starting the programs", async () => {
      await supervisor.send({ kind: "start", programs: ourPrograms(settings, tools) });
      await waitReady(readyUrls(settings), 60_000);
    });
    claims.release();
    await checkDoors(settings, tools, provisioned);
    writeSources(sources);
    await supervisor.send({ kind: "settled" });
    supervisor.release();
    return { settings, provisioned };
  } catch (error) {
    // Nothing half-started stays behind.
    supervisor.release();
    await stopStack();
    throw error;
  }
}

async function checkDoors(settings: Settings, tools: Tools, { user }: Provisioned): Promise<void> {
  if (readEnv("stack").CAUSEWAY_SKIP_SELF_CHECK === "1") return say("The doors were not checked, as asked.");
  const guest = user?.status === "active" ? user : null;
  if (guest === null)
    say("The example user is gone or switched off: only the panel is checked, not the other doors.");
  await step("Walking through every door", () => selfCheck(settings, tools, guest));
}
