import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import type { PortClaims } from "#stack/port-claims.ts";
import { say } from "#stack/progress.ts";
import type { PortName, Ports } from "#stack/settings.ts";
import { PORT_NAMES } from "#stack/settings.ts";
import { StackError } from "#stack/stack-error.ts";

type Wanted = { port: number; isPublic: boolean };
const onLoopback = (port: number): Wanted => ({ port, isPublic: false });
const toEveryone = (port: number): Wanted => ({ port, isPublic: true });

/** The ports of the architecture brief; `probe` is the self-check's own page. */
const WANTED: Record<PortName, Wanted> = {
  http: toEveryone(80),
  https: toEveryone(443),
  httpProxy: toEveryone(8888),
  socksProxy: toEveryone(1080),
  dashboard: toEveryone(8080),
  vpn: toEveryone(8443),
  vpnEdge: onLoopback(8445),
  reality: onLoopback(8444),
  traefikMetrics: onLoopback(8082),
  web: onLoopback(9002),
  webInternal: onLoopback(9006),
  controller: onLoopback(9003),
  forwardAuth: onLoopback(9001),
  forwardAuthTls: onLoopback(9007),
  httpProxyListener: onLoopback(9011),
  socksProxyListener: onLoopback(9012),
  agent: onLoopback(9004),
  agentHealth: onLoopback(9005),
  postgres: onLoopback(5432),
  redis: onLoopback(6379),
  prometheus: onLoopback(9090),
  jaegerOtlp: onLoopback(4318),
  jaegerCollector: onLoopback(14268),
  jaegerUi: onLoopback(16686),
  probe: onLoopback(9099),
};

/** The brief's, where nothing else listens: in containers. */
export const usualPorts = (): Ports =>
  Object.fromEntries(PORT_NAMES.map((name) => [name, WANTED[name].port])) as Ports;

/** Resolves to the error code of listening there, or null when it works. Port 0 answers the one it got. */
function tryListen(port: number, host: string): Promise<{ code: string | null; port: number }> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve({ code: error.code ?? "ERROR", port }));
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const got = address !== null && typeof address === "object" ? address.port : port;
      server.close(() => resolve({ code: null, port: got }));
    });
  });
}

/** Whether one can listen there on every address. */
export const isPortFree = async (port: number) => (await whyTaken({ port, isPublic: true })) === null;

/** Any free one on loopback. */
export const findFreePort = async () => (await tryListen(0, "127.0.0.1")).port;

/** Why a port cannot be had, or null. A public one must be free on every address, IPv6 too where there is any. */
async function whyTaken({ port, isPublic }: Wanted): Promise<string | null> {
  const hosts = isPublic ? ["0.0.0.0", "::"] : ["127.0.0.1"];
  for (const host of hosts) {
    const { code } = await tryListen(port, host);
    if (code !== null && code !== "EAFNOSUPPORT" && code !== "EADDRNOTAVAIL") return code;
  }
  return null;
}

/** Why a port cannot be ours, or null: from then on it is claimed. */
async function take(wanted: Wanted, claims: PortClaims): Promise<string | null> {
  if (!(await claims.claim(wanted.port))) return "EADDRINUSE";
  return whyTaken(wanted);
}

/** Browsers open no page there (Fetch standard, “bad port”): 10 000 above :80 is one of them. */
const REFUSED_BY_BROWSERS = new Set([10_080]);

/** Ten thousand above is easy to remember; then any. */
async function replacement(wanted: Wanted, claims: PortClaims): Promise<number> {
  const near = wanted.port + 10_000;
  const isUsable = near < 65_536 && !REFUSED_BY_BROWSERS.has(near);
  if (isUsable && (await take({ ...wanted, port: near }, claims)) === null) return near;
  for (let attempt = 0; attempt < 200; attempt++) {
    // Below what the kernel gives to outgoing connections: one of those could sit there after a restart.
    const port = randomInt(20_000, 32_768);
    if ((await take({ ...wanted, port }, claims)) === null) return port;
  }
  throw new StackError(
    `No free port was found in place of ${wanted.port}. Stop a program that listens on many.`,
  );
}

/**
 * Free ports: those of last time or of the brief where possible; a taken one is replaced and said so. The claims
 * keep another launcher from choosing the same until they are released.
 */
export async function choosePorts(remembered: Partial<Ports>, claims: PortClaims): Promise<Ports> {
  const chosen = new Map<PortName, number>();
  for (const name of PORT_NAMES) {
    const wanted = { ...WANTED[name], port: remembered[name] ?? WANTED[name].port };
    const reason = await take(wanted, claims);
    if (reason === null) {
      chosen.set(name, wanted.port);
      continue;
    }
    const port = await replacement(wanted, claims);
    const why = reason === "EACCES" ? "needs root" : "is taken";
    say(`Port ${wanted.port} ${why} (${name}): using ${port}.`);
    chosen.set(name, port);
  }
  return Object.fromEntries(chosen) as Ports;
}
