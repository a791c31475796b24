import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import type { TestAuthority } from "./certificates.ts";

export type Origin = { port: number; tlsPort: number; targetPort: number; close: () => void };

const CHUNK = Buffer.alloc(16 * 1024, "x");

/**
 * A page on / and slow endless bytes on /slow, plain and over TLS 1.3; `targetPort` is what Reality borrows its
 * handshake from.
 */
export async function startOrigin(authority: TestAuthority, realityName: string): Promise<Origin> {
  const origin = await authority.issue("origin.test");
  const reality = await authority.issue(realityName);
  const plain = createHttpServer(respond).listen(0, "127.0.0.1");
  const tls = createHttpsServer({ ...origin, minVersion: "TLSv1.3" }, respond).listen(0, "127.0.0.1");
  const target = createHttpsServer({ ...reality, minVersion: "TLSv1.3" }, respond).listen(0, "127.0.0.1");
  const servers = [plain, tls, target];
  await Promise.all(servers.map((server) => once(server, "listening")));
  const [port, tlsPort, targetPort] = servers.map((server) => (server.address() as AddressInfo).port);
  return {
    port: port ?? 0,
    tlsPort: tlsPort ?? 0,
    targetPort: targetPort ?? 0,
    close: () => {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

function respond(
  request: import("node:http").IncomingMessage,
  response: import("node:http").ServerResponse,
): void {
  const size = /^\/bytes\/(\d+)$/.exec(request.url ?? "")?.[1];
  if (size) return void response.end(Buffer.alloc(Number(size), "x"));
  if (request.url !== "/slow") return void response.end("hello from the origin");
  response.writeHead(200);
  const timer = setInterval(() => response.write(CHUNK), 20);
  response.on("close", () => clearInterval(timer));
}

/** Ports that were free a moment ago. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createTcpServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
