import { spawn } from "node:child_process";
import { join } from "node:path";
import type { ProgramEnv } from "#server/env.ts";
import type { JoinedNode } from "./identity.ts";

const ROOT = join(import.meta.dirname, "../..");

/** The agent of a joined node as our child, for a container that is a node by itself; ends as it ends. */
export function runAgent(env: ProgramEnv<"node-join">, node: JoinedNode): Promise<number> {
  const identity = (name: string) => join(env.STATE_DIR, name);
  const child = spawn(process.execPath, [join(ROOT, "server/node-agent/main.ts")], {
    stdio: "inherit",
    // Named one by one: the join token must not stand in the agent's environment.
    env: {
      PATH: env.PATH,
      NODE_ENV: "production",
      NODE_NO_WARNINGS: "1",
      LOG_LEVEL: env.LOG_LEVEL,
      LOG_DIR: env.LOG_DIR,
      AGENT_HOST: "0.0.0.0",
      AGENT_PORT: String(node.agentPort),
      AGENT_HEALTH_HOST: "127.0.0.1",
      AGENT_HEALTH_PORT: String(env.AGENT_HEALTH_PORT),
      NODE_CA_FILE: identity("node-ca.crt"),
      AGENT_CERT_FILE: identity("agent.crt"),
      AGENT_KEY_FILE: identity("agent.key"),
      XRAY_BIN: env.XRAY_BIN,
      STATE_DIR: env.STATE_DIR,
      ALLOWED_PRIVATE_TARGETS: env.ALLOWED_PRIVATE_TARGETS.join(","),
      OWN_PORTS: [node.port, node.agentPort, env.AGENT_HEALTH_PORT].join(","),
    },
  });
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
