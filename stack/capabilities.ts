import { readFileSync } from "node:fs";

const CAP_NET_ADMIN = 12n;

/** Whether this process, and so the node agent, may end other processes' sockets. */
export function canEndSockets(): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return ((BigInt(`0x${effective}`) >> CAP_NET_ADMIN) & 1n) === 1n;
}
