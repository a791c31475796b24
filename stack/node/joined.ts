import { join } from "node:path";
import { z } from "zod";
import { readJson, writeAtomic } from "#stack/files.ts";
import { inData, ROOT } from "#stack/paths.ts";
import { ourEnvironment } from "#stack/programs.ts";
import { tryCommand } from "#stack/run-command.ts";
import { StackError } from "#stack/stack-error.ts";

/** What server/node-join/main.ts answers and keeps in node.json. */
const joinedNodeSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  address: z.string(),
  port: z.number().int(),
  agentPort: z.number().int(),
  url: z.string(),
});
export type JoinedNode = z.infer<typeof joinedNodeSchema>;

const path = () => inData("node", "node.json");

/** Who this machine is, or null when it has never joined. */
export function readJoined(): JoinedNode | null {
  const parsed = joinedNodeSchema.safeParse(readJson(path()));
  return parsed.success ? parsed.data : null;
}

export const writeJoined = (node: JoinedNode) => writeAtomic(path(), `${JSON.stringify(node, null, 2)}\n`);

/** Trades the token for a certificate. The token goes by stdin: others see arguments. */
export async function enrol(token: string): Promise<JoinedNode> {
  const result = await tryCommand(process.execPath, [join(ROOT, "server/node-join/main.ts")], {
    cwd: ROOT,
    onlyEnv: ourEnvironment({ STATE_DIR: inData("node") }),
    input: token,
  });
  if (result.code !== 0)
    throw new StackError(`Joining failed: ${result.stderr.trim() || `exit code ${result.code}`}`);
  return joinedNodeSchema.parse(JSON.parse(result.stdout));
}
