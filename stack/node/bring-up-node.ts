import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { canEndSockets } from "#stack/capabilities.ts";
import { enrol, type JoinedNode, readJoined, writeJoined } from "#stack/node/joined.ts";
import { nodeAgentProgram } from "#stack/node/node-agent-program.ts";
import { inData } from "#stack/paths.ts";
import { findFreePort, isPortFree } from "#stack/ports.ts";
import { say, step } from "#stack/progress.ts";
import { StackError } from "#stack/stack-error.ts";
import { startSupervisor } from "#stack/start-supervisor.ts";
import { stopStack } from "#stack/stop-stack.ts";
import { buildGoTool } from "#stack/tools/go.ts";

const HEALTH_PORT = 9_005;
const PATIENCE_MS = 90_000;
const readinessSchema = z.object({ missing: z.array(z.string()).default([]) });

/** The node agent and its Xray, until the controller has found them and filled them with users. */
export async function bringUpNode(options: {
  token: string | null;
  agentPort: number | null;
}): Promise<JoinedNode & { users: number }> {
  await stopStack();
  const xrayBin = await buildGoTool("xray");
  const joined =
    options.token === null ? readJoined() : await step("Joining", () => enrol(options.token ?? ""));
  if (joined === null)
    throw new StackError("This machine has not joined yet. Get a token on the server: vpn node add NAME");
  const node = options.agentPort === null ? joined : { ...joined, agentPort: options.agentPort };
  if (node !== joined) writeJoined(node);
  await insistOnPorts(node);
  const healthPort = (await isPortFree(HEALTH_PORT)) ? HEALTH_PORT : await findFreePort();
  const supervisor = startSupervisor();
  try {
    const facts = {
      panelUrl: node.url,
      apiUrl: `${node.url}/api/v1`,
      caFile: "",
      httpProxy: "",
      socksProxy: "",
      vpnAddress: `${node.address}:${node.port}`,
      ports: { vpn: node.port, agent: node.agentPort, "agent-health": healthPort },
    };
    await supervisor.send({ kind: "describe", facts, xrayPidFile: inData("node", "xray.pid"), xrayBin });
    const program = nodeAgentProgram({ node, healthPort, xrayBin });
    await supervisor.send({ kind: "start", programs: [program] });
    const users = await step(`Waiting for the controller of ${node.url}`, () =>
      untilFilled(node, healthPort),
    );
    await supervisor.send({ kind: "settled" });
    supervisor.release();
    if (!canEndSockets())
      say(
        "Note: no CAP_NET_ADMIN: a user's live connections end only when they close. Run as root for more.",
      );
    return { ...node, users };
  } catch (error) {
    supervisor.release();
    await stopStack();
    throw error;
  }
}

async function insistOnPorts({ name, port, agentPort }: JoinedNode): Promise<void> {
  if (!(await isPortFree(port)))
    throw new StackError(
      `Port ${port}, where VPN clients come in, is taken. Free it, or on the server: vpn node edit ${name} --port N, and join again.`,
    );
  if (!(await isPortFree(agentPort)))
    throw new StackError(
      `Port ${agentPort}, where the controller comes in, is taken. Free it, or on the server: vpn node edit ${name} --agent-port N, then here: npm run join -- --agent-port N`,
    );
}

/** The agent is ready when the controller has been there and Xray runs. */
async function untilFilled(node: JoinedNode, healthPort: number): Promise<number> {
  const deadline = Date.now() + PATIENCE_MS;
  let missing: string[] = [];
  while (Date.now() < deadline) {
    try {
      const url = `http://127.0.0.1:${healthPort}`;
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
      if (response.ok) {
        await response.body?.cancel();
        const metrics = await (await fetch(`${url}/metrics`)).text();
        return Number(/^causeway_node_users(?:\{[^}]*\})? (\d+)/m.exec(metrics)?.[1] ?? 0);
      }
      missing = readinessSchema.parse(await response.json()).missing;
    } catch {
      // Not there yet.
    }
    await sleep(200);
  }
  if (missing.includes("snapshot") || missing.includes("controller"))
    throw new StackError(
      `The controller of ${node.url} has not reached this machine at ${node.address}:${node.agentPort} (TCP). Open that port for it, or put the address right there: vpn node edit ${node.name} --address HOST`,
    );
  throw new StackError(`The node agent does not get ready (${missing.join(", ")}). Read ${inData("logs")}.`);
}
