import type { EdgeClient } from "./edge/edge-client.ts";
import { killSockets, listSockets, type SocketAddress } from "./socket-killer.ts";

/** Where clients' sockets can be seen and ended. */
export type SocketReach = {
  list: (localPorts: readonly number[]) => Promise<SocketAddress[]>;
  kill: (sockets: readonly SocketAddress[]) => Promise<number>;
};

/** Everything in one network namespace, as in the embedded run. */
export const socketsHere: SocketReach = { list: listSockets, kill: killSockets };

/** Traefik's port is in another network namespace, where the edge helper stands. */
export function socketsBeyond(edge: EdgeClient, edgePort: number): SocketReach {
  const isEdge = ({ localPort }: SocketAddress) => localPort === edgePort;
  return {
    async list(localPorts) {
      const here = listSockets(localPorts.filter((port) => port !== edgePort));
      const there = localPorts.includes(edgePort) ? edge.list() : [];
      return [...(await here), ...(await there)];
    },
    async kill(sockets) {
      const there = sockets.filter(isEdge);
      const here = sockets.filter((socket) => !isEdge(socket));
      return (await killSockets(here)) + (there.length === 0 ? 0 : await edge.kill(there));
    },
  };
}
