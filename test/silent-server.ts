import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

export type SilentServer = { port: number; stop(): Promise<void> };

/** Takes connections and says nothing, as a stopped or hung server does. */
export async function startSilentServer(): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}).on("close", () => sockets.delete(socket)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
