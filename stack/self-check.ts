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

/** A user made a moment ago has to reach every door first. */
const PATIENCE_MS = 20_000;

/** Fetches a page through every door with this user's credentials; throws naming the door that is shut. */
export async function selfCheck(settings: Settings, tools: Tools, user: UserSecrets): Promise<void> {
  const { ports } = settings;
  const probe = await startProbe(ports.probe);
  const target = { host: "127.0.0.1", port: probe.port };
  const throughVpn = (link: string) => async () => {
    const socksPort = await findFreePort();
    await withVlessClient(tools.xray, link, socksPort, () =>
      insist(async () => fetchPage(await dialThroughSocks(socksPort, null, target), probe)),
    );
  };
  const doors: [string, () => Promise<void>][] = [
    ["web", () => insist(() => fetchLoginPage(settings))],
    [
      "HTTP proxy",
      () =>
        insist(async () => fetchPage(await dialThroughHttpProxy(ports.httpProxy, user.proxy, target), probe)),
    ],
    [
      "SOCKS5 proxy",
      () =>
        insist(async () => fetchPage(await dialThroughSocks(ports.socksProxy, user.proxy, target), probe)),
    ],
    ...user.vlessLinks.map((link): [string, () => Promise<void>] => [
      `VPN on :${/:(\d+)\?/.exec(link)?.[1] ?? "?"}`,
      throughVpn(link),
    ]),
  ];
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

async function insist(attempt: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(150);
    }
  }
}
