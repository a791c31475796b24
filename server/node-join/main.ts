import { text } from "node:stream/consumers";
import { readEnv } from "#server/env.ts";
import { joinAsNode } from "./join-as-node.ts";

/** Join token on stdin → the node's identity in STATE_DIR, and as JSON on stdout; what went wrong is one line on stderr. */
async function main(): Promise<void> {
  const env = readEnv("node-join");
  const token = (await text(process.stdin)).trim();
  const node = await joinAsNode({ token, stateDir: env.STATE_DIR });
  process.stdout.write(`${JSON.stringify(node)}\n`);
}

await main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
