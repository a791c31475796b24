import type { Cli } from "#cli/cli.ts";
import { moment } from "#cli/output/describe-user.ts";
import { paint } from "#cli/terminal.ts";
import type { AddedNode } from "#lib/schemas/node.ts";

/** What to do on the other machine. The lines stand alone, to be copied whole. */
export function describeInvite(
  { terminal, now }: Cli,
  node: AddedNode["node"],
  invite: AddedNode["invite"],
): string {
  const title = (text: string) => `\n${paint(terminal, "bold", text)}`;
  const { hostname } = new URL(node.agentUrl);
  const ports = [...node.inbounds.map(({ port }) => port), Number(new URL(node.agentUrl).port || 443)];
  return [
    `${paint(terminal, "bold", node.name)} waits for its machine, ${hostname}. The token is good once, until ${moment({ now }, invite.expiresAt)}.`,
    title("There, in a checkout of Causeway (Node.js 18 or newer)"),
    `  npm run join -- ${invite.token}`,
    title("Or there with Docker, from the same checkout"),
    `  docker build -t causeway/node --target node -f docker/Dockerfile .`,
    `  docker run -d --name causeway-node --restart unless-stopped --network host --cap-drop ALL --cap-add NET_ADMIN --cap-add SETUID --cap-add SETGID -v causeway-node:/etc/xray -e JOIN_TOKEN=${invite.token} causeway/node node server/node-join/main.ts --run`,
    title("What must be open there"),
    `  TCP ${ports[0]} for everyone, TCP ${ports.at(-1)} for the controller.`,
    "",
    `Then: vpn node show ${node.name}`,
  ].join("\n");
}
