import { isBelow, type Listener, readListeners } from "#stack/doctor/listeners.ts";
import type { Report } from "#stack/doctor/report.ts";
import type { PortName, Settings } from "#stack/settings.ts";

/** Which program holds which port, and whether the world is meant to reach it. */
const HOLDERS: Partial<Record<PortName, { program: string; isPublic: boolean }>> = {
  http: { program: "traefik", isPublic: true },
  https: { program: "traefik", isPublic: true },
  httpProxy: { program: "traefik", isPublic: true },
  socksProxy: { program: "traefik", isPublic: true },
  dashboard: { program: "traefik", isPublic: true },
  vpn: { program: "xray", isPublic: true },
  vpnEdge: { program: "xray", isPublic: false },
  reality: { program: "traefik", isPublic: false },
  traefikMetrics: { program: "traefik", isPublic: false },
  web: { program: "web", isPublic: false },
  webInternal: { program: "web", isPublic: false },
  controller: { program: "controller", isPublic: false },
  forwardAuth: { program: "proxy-auth", isPublic: false },
  forwardAuthTls: { program: "proxy-auth", isPublic: false },
  httpProxyListener: { program: "proxy-auth", isPublic: false },
  socksProxyListener: { program: "proxy-auth", isPublic: false },
  agent: { program: "node-agent", isPublic: false },
  agentHealth: { program: "node-agent", isPublic: false },
  postgres: { program: "postgres", isPublic: false },
  redis: { program: "redis", isPublic: false },
  prometheus: { program: "prometheus", isPublic: false },
};

function holdersOf({ hasDirectDoors }: Settings): [PortName, { program: string; isPublic: boolean }][] {
  const all = Object.entries(HOLDERS) as [PortName, { program: string; isPublic: boolean }][];
  if (!hasDirectDoors) return all;
  return all
    .filter(([name]) => name !== "httpProxyListener" && name !== "socksProxyListener")
    .map(([name, holder]) =>
      name === "httpProxy" || name === "socksProxy"
        ? [name, { program: "proxy-auth", isPublic: true }]
        : [name, holder],
    );
}

/** Does every port listen, is it the right program's, and is nothing inner open to the world? */
export function checkPorts(
  report: Report,
  settings: Settings,
  pids: Record<string, number>,
  listeners: Listener[] = readListeners(),
): void {
  const held: string[] = [];
  for (const [name, holder] of holdersOf(settings)) {
    const port = settings.ports[name];
    const found = listeners.filter((listener) => listener.port === port);
    const pid = pids[holder.program];
    const stranger = found.find(
      (listener) => listener.pid !== null && (pid === undefined || !isBelow(listener.pid, pid)),
    );
    if (found.length === 0)
      report.failure(`${port}`, {
        detail: `nothing listens (${holder.program}, ${name})`,
        meaning: `${holder.program} is down or could not take the port.`,
        action: `./vpn logs ${holder.program === "xray" ? "node-agent" : holder.program}`,
      });
    else if (stranger !== undefined)
      report.failure(`${port}`, {
        detail: `it is held by ${stranger.program ?? "another program"} (pid ${stranger.pid}), not by our ${holder.program}`,
        meaning: "Whoever dials it reaches the wrong program.",
        action: `end pid ${stranger.pid} or move it to another port; npm run up takes a free one otherwise`,
      });
    else if (!holder.isPublic && found.some(({ isEverywhere }) => isEverywhere))
      report.failure(`${port}`, {
        detail: `${holder.program} (${name}) listens on every address`,
        meaning: "It is for this machine only: others could reach what has no sign-in of its own.",
        action: "npm run down, then npm run up",
      });
    else held.push(`${port} ${name}`);
  }
  if (held.length > 0) report.ok("listening", held.join(", "));
}
