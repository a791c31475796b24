import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AgentInbound, AgentUser } from "#lib/schemas/agent.ts";
import { systemClock } from "#server/clock.ts";
import { createLogger } from "#server/logger.ts";
import { generateRealityKeyPair, generateShortId } from "#server/xray/keys.ts";
import { buildVlessLink } from "#server/xray/links.ts";
import { type Agent, type AgentOptions, startAgent } from "../agent.ts";
import { createTestAuthority } from "./certificates.ts";
import { findFreePorts, startOrigin } from "./origin.ts";
import { startVpnClient, type VpnClient } from "./vpn-client.ts";

export type Rig = Awaited<ReturnType<typeof createRig>>;
const SERVER_NAME = "www.reality.test";

/** The real Xray under an agent, a local origin and Reality target, and clients; all on 127.0.0.1. */
export async function createRig(binary: string) {
  const directory = mkdtempSync(join(tmpdir(), "agent-"));
  const authority = await createTestAuthority();
  const origin = await startOrigin(authority, SERVER_NAME);
  const [direct = 0, edge = 0, edgePublic = 0] = await findFreePorts(3);
  const keys = generateRealityKeyPair();
  const shortId = generateShortId();
  const inbound = (tag: string, port: number, acceptProxyProtocol: boolean): AgentInbound => ({
    tag,
    listen: "127.0.0.1",
    port,
    acceptProxyProtocol,
    serverName: SERVER_NAME,
    realityTarget: `127.0.0.1:${origin.targetPort}`,
    realityPrivateKey: keys.privateKey,
    shortIds: [shortId],
  });
  const inbounds = [inbound("direct", direct, false), inbound("edge", edge, true)];
  const options: AgentOptions = {
    stateDir: join(directory, "state"),
    logDir: join(directory, "log"),
    xrayBinary: binary,
    allowedPrivateTargets: [`127.0.0.1:${origin.port}`, `127.0.0.1:${origin.tlsPort}`],
    ownPorts: [direct],
    edgePublicPort: edgePublic,
    clock: systemClock,
    log: createLogger("test", "fatal"),
  };
  let agent: Agent = await startAgent(options);
  const clients: VpnClient[] = [];
  return {
    directory,
    authority,
    origin,
    inbounds,
    options,
    ports: { direct, edge, edgePublic },
    get agent() {
      return agent;
    },
    link: (user: AgentUser, port = direct) =>
      buildVlessLink({
        vlessId: user.vlessId,
        host: "127.0.0.1",
        port,
        serverName: SERVER_NAME,
        publicKey: keys.publicKey,
        shortId,
        remark: "test",
      }),
    async connect(link: string, change: Parameters<typeof startVpnClient>[2] = {}): Promise<VpnClient> {
      const client = await startVpnClient(binary, link, change);
      clients.push(client);
      return client;
    },
    async restartAgent(change: Partial<AgentOptions> = {}): Promise<void> {
      await agent.stop();
      agent = await startAgent({ ...options, ...change });
    },
    async close(): Promise<void> {
      for (const client of clients) await client.stop();
      await agent.stop();
      await agent.stopXray();
      origin.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
