import type { AgentInbound } from "#lib/schemas/agent.ts";
import { buildEmail } from "./email.ts";
import { buildFinalRules } from "./private-targets.ts";

export type XrayConfigInput = {
  inbounds: readonly AgentInbound[];
  /** Users whose door is open now. */
  users: Iterable<{ id: string; vlessId: string }>;
  paths: {
    apiSocket: string;
    /** Unix socket that takes connection reports. */
    reportSocket: string;
    /** A FIFO: what Xray logs holds destinations, which must not reach a disk. */
    log: string;
  };
  allowedPrivateTargets: readonly string[];
  ownPorts: readonly number[];
  ownAddresses: readonly string[];
};

/** Xray 26.7.28's JSON configuration. No geo files, no DNS of its own, no destination in a log file. */
export function renderXrayConfig(input: XrayConfigInput): string {
  const users = [...input.users];
  const finalRules = buildFinalRules(input);
  const webhook = { url: `${input.paths.reportSocket}:/connections` };
  return JSON.stringify({
    log: { access: input.paths.log, error: input.paths.log, loglevel: "warning" },
    api: {
      tag: "api",
      listen: `${input.paths.apiSocket},0600`,
      services: ["HandlerService", "StatsService", "RoutingService"],
    },
    stats: {},
    policy: {
      levels: { 0: { statsUserUplink: true, statsUserDownlink: true, statsUserOnline: true } },
      system: { statsInboundUplink: true, statsInboundDownlink: true },
    },
    inbounds: input.inbounds.map((inbound) => renderInbound(inbound, users)),
    outbounds: [
      {
        tag: "freedom",
        protocol: "freedom",
        settings: { domainStrategy: "AsIs", finalRules },
      },
      { tag: "blackhole", protocol: "blackhole" },
    ],
    routing: {
      domainStrategy: "AsIs",
      rules: [
        // The same for targets given as addresses: freedom's block leaves the client waiting, blackhole closes.
        ...finalRules.map(({ action, ip, port }) => ({
          ...(ip && { ip }),
          ...(port && { port }),
          ...(action === "allow" ? { outboundTag: "freedom", webhook } : { outboundTag: "blackhole" }),
        })),
        { ruleTag: "report", network: "tcp,udp", outboundTag: "freedom", webhook },
      ],
    },
  });
}

function renderInbound(inbound: AgentInbound, users: readonly { id: string; vlessId: string }[]) {
  return {
    tag: inbound.tag,
    listen: inbound.listen,
    port: inbound.port,
    protocol: "vless",
    settings: {
      decryption: "none",
      users: users.map((user) => ({
        id: user.vlessId,
        email: buildEmail(user.id, inbound.tag),
        level: 0,
        flow: "xtls-rprx-vision",
      })),
    },
    streamSettings: {
      method: "raw",
      security: "reality",
      realitySettings: {
        target: inbound.realityTarget,
        xver: 0,
        serverNames: [inbound.serverName],
        privateKey: inbound.realityPrivateKey,
        shortIds: inbound.shortIds,
        // Without it 26.7.28 asks for 26.3.27 and refuses sing-box and mihomo in silence.
        minClientVer: "1.8.0",
        maxTimeDiff: 120_000,
      },
      sockopt: { acceptProxyProtocol: inbound.acceptProxyProtocol },
    },
  };
}
