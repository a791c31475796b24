import { setTimeout as sleep } from "node:timers/promises";
import type { UserSecrets } from "#lib/schemas/user.ts";
import { findFreePort } from "#stack/ports.ts";
import { say } from "#stack/progress.ts";
import { dialThroughHttpProxy, dialThroughSocks } from "#stack/self-check/dial.ts";
import { fetchLoginPage } from "#stack/self-check/panel.ts";
import { fetchPage, startProbe } from "#stack/self-check/probe.ts";
import { withVlessClient } from "#stack/self-check/vless-client.ts";
import type { Settings } from "#stack/settings.ts";
import { StackError } from "#stack/stack-error.ts";
import type { Tools } from "#stack/tools.ts";

type Door = [name: string, check: () => Promise<void>];
type Probe = Awaited<ReturnType<typeof startProbe>>;
type Target = { host: string; port: number };

/** A user made a moment ago has to reach every door first. */
const PATIENCE_MS = 20_000;

/** Fetches a page through every door with this user's credentials (null: the panel alone); names the door that is shut. */
export async function selfCheck(settings: Settings, tools: Tools, user: UserSecrets | null): Promise<void> {
  const probe = await startProbe(settings.ports.probe);
  const target = { host: "127.0.0.1", port: probe.port };
  const throughVpn = (link: string) => async () => {
    const socksPort = await findFreePort();
    await withVlessClient(tools.xray, link, socksPort, () =>
      insist(async () => fetchPage(await dialThroughSocks(socksPort, null, target), probe)),
    );
  };
  const doors: Door[] = [["web", () => insist(() => fetchLoginPage(settings))]];
  if (user !== null) doors.push(...proxyDoors(settings, user, probe, target));
  for (const link of user?.vlessLinks ?? [])
    doors.push([`VPN on :${/:(\d+)\?/.exec(link)?.[1] ?? "?"}`, throughVpn(link)]);
  try {
    await Promise.all(
      doors.map(async ([name, check]) => {
        await check().catch((error: Error) => {
          throw new StackError(
            `The ${name} door does not work: ${error.message}. Read the logs in .data/logs.`,
          );
        });
        say(`  ${name}: a page came through`);
      }),
    );
  } finally {
    probe.close();
  }
}

function proxyDoors({ ports }: Settings, { proxy }: UserSecrets, probe: Probe, target: Target): Door[] {
  return [
    [
      "HTTP proxy",
      () => insist(async () => fetchPage(await dialThroughHttpProxy(ports.httpProxy, proxy, target), probe)),
    ],
    [
      "SOCKS5 proxy",
      () => insist(async () => fetchPage(await dialThroughSocks(ports.socksProxy, proxy, target), probe)),
    ],
  ];
}

/** Less and less often: a door takes quick repeats with a password it does not know yet for guessing. */
export async function insist(attempt: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let waitMs = 150; ; waitMs = Math.min(waitMs * 2, 4_000)) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(waitMs);
    }
  }
}
