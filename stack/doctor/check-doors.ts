import { readFileSync } from "node:fs";
import { request } from "node:https";
import { isIP, type Socket } from "node:net";
import { checkServerIdentity } from "node:tls";
import type { UserSecrets } from "#lib/schemas/user.ts";
import { type Report, reasonOf } from "#stack/doctor/report.ts";
import { pkiPath } from "#stack/paths.ts";
import { findFreePort } from "#stack/ports.ts";
import { dialThroughHttpProxy, dialThroughSocks } from "#stack/self-check/dial.ts";
import { fetchLoginPage } from "#stack/self-check/panel.ts";
import { fetchPage, startProbe } from "#stack/self-check/probe.ts";
import { withVlessClient } from "#stack/self-check/vless-client.ts";
import { insist } from "#stack/self-check.ts";
import { panelUrl, publicAddress, type Settings } from "#stack/settings.ts";

type Check = { name: string; passed: string; meaning: string; action: string; run: () => Promise<void> };

/**
 * Every door as a client finds it, through Traefik at `host`: with real credentials a page must come through, with
 * wrong ones none. `user` is one that was made for this; null: only what needs nobody is tried.
 */
export async function checkDoors(
  report: Report,
  options: { settings: Settings; host: string; user: UserSecrets | null; xrayBin: string | null },
): Promise<void> {
  const { settings, host, user } = options;
  const probe = await startProbe(settings.ports.probe).catch((error) => {
    report.skipped("proxies and VPN", `the probe cannot listen: ${reasonOf(error)}`);
    return null;
  });
  try {
    const target = { host: "127.0.0.1", port: settings.ports.probe };
    const checks = [
      ...webChecks(settings, host),
      ...(user === null || probe === null
        ? []
        : proxyChecks(settings, host, user, (socket) => fetchPage(socket, probe), target)),
    ];
    if (user !== null && probe !== null) {
      for (const link of user.vlessLinks.filter((text) => isLocal(text, settings)))
        checks.push(
          vpnCheck(settings, host, link, options.xrayBin, (socket) => fetchPage(socket, probe), target),
        );
    }
    await Promise.all(
      checks.map(async ({ name, passed, meaning, action, run }) => {
        try {
          await run();
          report.ok(name, passed);
        } catch (error) {
          report.failure(name, { detail: reasonOf(error), meaning, action });
        }
      }),
    );
    if (user === null)
      report.skipped("proxies and VPN", "there is no user to try them with: the panel does not answer");
  } finally {
    probe?.close();
  }
}

/** A link to another node is that node's own matter: see `vpn node list`. */
const isLocal = (link: string, { ports }: Settings) =>
  [ports.vpn, ports.https].some((port) => link.includes(`:${port}?`));

function webChecks(settings: Settings, host: string): Check[] {
  const action = "./vpn logs traefik, ./vpn logs web";
  const dashboard = (accept: string) => fetchDashboard(settings, host, accept);
  return [
    {
      name: "panel",
      passed: "the login page came, with a certificate for the public host",
      meaning: "Nobody can sign in or fetch a subscription.",
      action,
      run: () => fetchLoginPage(settings, host),
    },
    {
      name: "ForwardAuth, a browser",
      passed: "a stranger is sent to the login",
      meaning: "Dashboards behind Traefik are open, or shut for everybody.",
      action: "./vpn logs proxy-auth, ./vpn logs traefik",
      async run() {
        const { status, location } = await dashboard("text/html");
        if (status !== 302 || location?.startsWith(panelUrl(settings)) !== true)
          throw new Error(
            `expected 302 to the login, got ${status}${location === null ? "" : ` to ${location}`}`,
          );
      },
    },
    {
      name: "ForwardAuth, a program",
      passed: "a stranger gets 401",
      meaning: "Dashboards behind Traefik are open, or shut for everybody.",
      action: "./vpn logs proxy-auth, ./vpn logs traefik",
      async run() {
        const { status } = await dashboard("application/json");
        if (status !== 401) throw new Error(`expected 401, got ${status}`);
      },
    },
  ];
}

type Fetch = (socket: Socket) => Promise<void>;
type Target = { host: string; port: number };

function proxyChecks(
  settings: Settings,
  host: string,
  user: UserSecrets,
  fetch: Fetch,
  target: Target,
): Check[] {
  const { httpProxy, socksProxy } = settings.ports;
  const meaning = "Clients of this proxy get no page.";
  const action = "./vpn logs proxy-auth, ./vpn logs traefik";
  const wrong = { username: user.proxy.username, password: "wrong" };
  return [
    {
      name: "HTTP proxy",
      passed: "a page came through; a wrong password did not",
      meaning,
      action,
      async run() {
        await insist(async () => fetch(await dialThroughHttpProxy(httpProxy, user.proxy, target, host)));
        await mustFail("a wrong password was accepted", () =>
          dialThroughHttpProxy(httpProxy, wrong, target, host),
        );
      },
    },
    {
      name: "SOCKS5 proxy",
      passed: "a page came through; a wrong password did not",
      meaning,
      action,
      async run() {
        await insist(async () => fetch(await dialThroughSocks(socksProxy, user.proxy, target, host)));
        await mustFail("a wrong password was accepted", () =>
          dialThroughSocks(socksProxy, wrong, target, host),
        );
      },
    },
  ];
}

function vpnCheck(
  settings: Settings,
  host: string,
  link: string,
  xrayBin: string | null,
  fetch: Fetch,
  target: Target,
): Check {
  const port = /:(\d+)\?/.exec(link)?.[1] ?? "?";
  const isEdge = port === String(settings.ports.https);
  return {
    name: `VPN on :${port}`,
    passed: `a Reality client fetched a page${isEdge ? ", past Traefik by its server name" : ""}`,
    meaning: "VPN apps connect and carry nothing, or do not connect.",
    action: `./vpn logs node-agent${isEdge ? ", ./vpn logs traefik" : ""}; see “Reality” above`,
    async run() {
      if (xrayBin === null) throw new Error("there is no Xray here to try it with: npm run up builds it");
      const socksPort = await findFreePort();
      const attempt = () => insist(async () => fetch(await dialThroughSocks(socksPort, null, target)));
      await withVlessClient(xrayBin, link, socksPort, attempt, host);
    },
  };
}

async function mustFail(what: string, work: () => Promise<{ destroy(): unknown }>): Promise<void> {
  const socket = await work().catch(() => null);
  if (socket === null) return;
  socket.destroy();
  throw new Error(what);
}

function fetchDashboard(settings: Settings, host: string, accept: string) {
  const { publicHost, ports } = settings;
  return new Promise<{ status: number; location: string | null }>((resolve, reject) => {
    const call = request(
      {
        host,
        port: ports.dashboard,
        path: "/dashboard/",
        headers: { host: publicAddress(settings, "dashboard"), accept },
        ca: readFileSync(pkiPath("web-ca.crt")),
        agent: false,
        timeout: 10_000,
        ...(isIP(publicHost) === 0 ? { servername: publicHost } : {}),
        checkServerIdentity: (_name, certificate) => checkServerIdentity(publicHost, certificate),
      },
      (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? null });
      },
    );
    call.on("timeout", () => call.destroy(new Error("no answer within 10 s")));
    call.on("error", reject);
    call.end();
  });
}
