import { parseArgs } from "node:util";
import { withLaunchLock } from "#stack/launch-lock.ts";
import { bringUpNode } from "#stack/node/bring-up-node.ts";
import { readSettings } from "#stack/settings.ts";
import { runMain, StackError } from "#stack/stack-error.ts";

const HOW = "Use: npm run join -- TOKEN [--json]. A token comes from vpn node add, on the server.";

/** `npm run join -- TOKEN`: this machine becomes a node of another installation. Without a token: starts it again. */
await runMain(async () => {
  const { token, port, isJson } = readFlags();
  if (readSettings() !== null)
    throw new StackError(
      "A whole installation lives in this data directory. Join from another checkout, or set CAUSEWAY_DATA_DIR.",
    );
  const node = await withLaunchLock(() => bringUpNode({ token, agentPort: port }));
  const text = isJson
    ? JSON.stringify(node)
    : `\nThis machine is the node “${node.name}” of ${node.url}: ${node.users} users can connect to ${node.address}:${node.port}.\n  npm run down stops it, npm run join starts it again.`;
  process.stdout.write(`${text}\n`, () => process.exit(0));
});

function readFlags(): { token: string | null; port: number | null; isJson: boolean } {
  try {
    const { values, positionals } = parseArgs({
      options: { json: { type: "boolean", default: false }, "agent-port": { type: "string" } },
      allowPositionals: true,
    });
    const port = values["agent-port"] === undefined ? null : Number(values["agent-port"]);
    if (positionals.length > 1 || (port !== null && !(port >= 1 && port <= 65_535))) throw new Error("usage");
    return { token: positionals[0] ?? null, port, isJson: values.json };
  } catch {
    throw new StackError(HOW);
  }
}
