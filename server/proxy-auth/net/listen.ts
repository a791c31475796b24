import { once } from "node:events";
import type { AddressInfo, Server } from "node:net";

/** Resolves with the port. `host` null: every address, of IPv6 and IPv4 where there are both. */
export async function listen(server: Server, port: number, host: string | null): Promise<number> {
  server.listen({ port, backlog: 4096, ...(host !== null && { host }) });
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
