import type { ApiClient } from "#lib/api-client.ts";
import type { Finding } from "#lib/schemas/doctor.ts";

const MANY_BEHIND = 50;

/** Does every node follow, can it end connections? */
export async function checkNodes(api: ApiClient): Promise<Finding[]> {
  const { items } = await api.listNodes();
  return items.map((node): Finding => {
    const bad = (state: Finding["state"], detail: string, meaning: string, action: string): Finding => ({
      group: "Nodes",
      name: node.name,
      state,
      detail,
      meaning,
      action,
    });
    if (node.enrolment?.isPending)
      return bad(
        "warning",
        "its machine has not joined yet",
        "Nobody is sent there until it has.",
        `vpn node invite ${node.name}`,
      );
    if (!node.isUp)
      return bad(
        "failure",
        node.lastError ?? "the controller cannot reach its agent",
        "Changes wait for it; it goes on with what it knows.",
        `on its machine: npm run join (or npm run up), and open ${node.agentUrl} for the controller`,
      );
    if (!node.isXrayUp)
      return bad(
        "failure",
        "Xray does not run",
        "Nobody gets in by VPN there.",
        "on its machine: ./vpn logs node-agent",
      );
    if (node.revisionBehind > MANY_BEHIND)
      return bad(
        "warning",
        `${node.revisionBehind} changes behind`,
        "Switch-offs take effect late.",
        "./vpn logs controller",
      );
    if (!node.canCutLive)
      return bad(
        "warning",
        "it cannot end live VPN connections",
        "Who is switched off stays connected until the connection closes by itself.",
        "run its agent as root, or with CAP_NET_ADMIN, and install iproute2",
      );
    return {
      group: "Nodes",
      name: node.name,
      state: "ok",
      detail: `follows, ${node.revisionBehind} behind, Xray ${node.xrayVersion ?? "up"}`,
      meaning: null,
      action: null,
    };
  });
}
