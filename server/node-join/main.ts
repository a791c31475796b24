import { text } from "node:stream/consumers";
import { readEnv } from "#server/env.ts";
import { readJoinedNode } from "./identity.ts";
import { joinAsNode } from "./join-as-node.ts";
import { runAgent } from "./run-agent.ts";

/**
 * Makes this machine a node. Join token on stdin → its identity in STATE_DIR, and as JSON on stdout. With `--run`, for
 * a container: the token is JOIN_TOKEN, used once, and then the agent runs. What went wrong is one line on stderr.
 */
async function main(): Promise<number> {
  const env = readEnv("node-join");
  const { STATE_DIR: stateDir, JOIN_TOKEN } = env;
  if (!process.argv.includes("--run")) {
    const node = await joinAsNode({ token: (await text(process.stdin)).trim(), stateDir });
    process.stdout.write(`${JSON.stringify(node)}\n`);
    return 0;
  }
  const joined = readJoinedNode(stateDir);
  if (joined === null && JOIN_TOKEN === undefined)
    throw new Error("This container has not joined yet. Give it JOIN_TOKEN, from: vpn node add NAME");
  return runAgent(env, joined ?? (await joinAsNode({ token: JOIN_TOKEN ?? "", stateDir })));
}

process.exitCode = await main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  return 1;
});
