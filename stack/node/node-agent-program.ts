import { join } from "node:path";
import { readEnv } from "#server/env.ts";
import type { JoinedNode } from "#stack/node/joined.ts";
import { inData, ROOT } from "#stack/paths.ts";
import { ourEnvironment } from "#stack/programs.ts";
import type { ProgramSpec } from "#stack/supervisor/protocol.ts";

/** The agent of a node by itself: open to the controller on every address, its health to this machine only. */
export function nodeAgentProgram(options: {
  node: JoinedNode;
  healthPort: number;
  xrayBin: string;
}): ProgramSpec {
  const { node, healthPort, xrayBin } = options;
  const { PATH, HOME, ALLOWED_PRIVATE_TARGETS } = readEnv("stack");
  const identity = (name: string) => inData("node", name);
  return {
    name: "node-agent",
    command: process.execPath,
    args: [join(ROOT, "server/node-agent/main.ts")],
    cwd: ROOT,
    stopSignal: "SIGTERM",
    patienceMs: 5_000,
    postgresDirectory: null,
    hasOwnLog: true,
    env: {
      PATH,
      HOME,
      LANG: "C.UTF-8",
      TZ: "UTC",
      ...ourEnvironment({
        AGENT_HOST: "0.0.0.0",
        AGENT_PORT: node.agentPort,
        AGENT_HEALTH_HOST: "127.0.0.1",
        AGENT_HEALTH_PORT: healthPort,
        NODE_CA_FILE: identity("node-ca.crt"),
        AGENT_CERT_FILE: identity("agent.crt"),
        AGENT_KEY_FILE: identity("agent.key"),
        XRAY_BIN: xrayBin,
        STATE_DIR: inData("node"),
        LOG_DIR: inData("logs"),
        LOG_STDOUT: 0,
        ALLOWED_PRIVATE_TARGETS: ALLOWED_PRIVATE_TARGETS.join(","),
        OWN_PORTS: [node.port, node.agentPort, healthPort].join(","),
      }),
    },
  };
}
