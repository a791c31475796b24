import type { Tone } from "#components/ui/status-dot.tsx";
import type { NodeInfo } from "#lib/schemas/status.ts";

export type NodeState = { tone: Tone; key: "up" | "starting" | "xrayDown" | "down" | "toJoin" };

/** The worst thing true of a node names its state; the key is one of messages `nodes`. */
export function nodeState(
  node: Pick<NodeInfo, "isUp" | "isXrayUp" | "revisionBehind" | "enrolment">,
): NodeState {
  if (node.enrolment?.isPending) return { tone: "warn", key: "toJoin" };
  if (!node.isUp) return { tone: "bad", key: "down" };
  if (!node.isXrayUp) return { tone: "bad", key: "xrayDown" };
  // A change in flight is the normal case: more than a few are not.
  if (node.revisionBehind > 3) return { tone: "warn", key: "starting" };
  return { tone: "good", key: "up" };
}
