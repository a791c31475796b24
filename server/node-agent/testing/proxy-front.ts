import { once } from "node:events";
import { connect, createServer, type Server } from "node:net";

const SIGNATURE = Buffer.from("0d0a0d0a000d0a515549540a", "hex");

/** What stands before the edge inbound: passes bytes on behind a PROXY v2 header (IPv4 only). */
export async function startProxyFront(options: { port: number; target: number }): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(options.target, "127.0.0.1");
    const header = Buffer.alloc(28);
    SIGNATURE.copy(header);
    header.set([0x21, 0x11, 0, 12, ...octets(client.remoteAddress), ...octets(client.localAddress)], 12);
    header.writeUInt16BE(client.remotePort ?? 0, 24);
    header.writeUInt16BE(client.localPort ?? 0, 26);
    upstream.write(header);
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      socket.on("error", () => {});
      socket.on("close", () => {
        client.destroy();
        upstream.destroy();
      });
    }
  }).listen(options.port, "127.0.0.1");
  await once(server, "listening");
  return server;
}

function octets(address = ""): number[] {
  return address.split(".").map(Number);
}
