import { createHash, randomBytes } from "node:crypto";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";

/** What the origin's own TCP sockets counted since the last reset: the truth that accounting is held against. */
export type OriginCounts = { connections: number; open: number; receivedBytes: number; sentBytes: number };
export type Origin = { httpPort: number; httpsPort: number; controlPort: number; close(): Promise<void> };

const BLOCK = Buffer.alloc(64 * 1024, "causeway origin ");

/** The `length` bytes that /bytes and /slow answer, as a hash, so that a client can prove that it got all of them. */
export function originChecksum(length: number): string {
  const hash = createHash("sha256");
  for (let left = length; left > 0; left -= BLOCK.length)
    hash.update(BLOCK.subarray(0, Math.min(left, BLOCK.length)));
  return hash.digest("hex");
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? "/", "http://origin");
  const [, kind, size] = url.pathname.split("/");
  if (kind === "bytes" || kind === "slow") {
    const rate =
      kind === "slow" ? Number(url.searchParams.get("rate") ?? 1_000_000) : Number.POSITIVE_INFINITY;
    stream(response, Number(size), rate);
    return;
  }
  if (kind === "upload") {
    const hash = createHash("sha256");
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      hash.update(chunk);
      length += chunk.length;
    });
    request.on("end", () => response.end(JSON.stringify({ length, sha256: hash.digest("hex") })));
    return;
  }
  if (kind === "headers") {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.headers));
    return;
  }
  response.end("hello from the origin\n");
}

function stream(response: ServerResponse, length: number, bytesPerSecond: number): void {
  response.setHeader("content-length", length);
  let left = length;
  const started = Date.now();
  const push = () => {
    while (left > 0 && !response.destroyed) {
      const due = Math.min(length, (bytesPerSecond * (Date.now() - started)) / 1000 + 16_384);
      if (length - left >= due) {
        setTimeout(push, 20);
        return;
      }
      const chunk = BLOCK.subarray(
        0,
        Math.min(left, BLOCK.length, Math.max(1, Math.ceil(due - (length - left)))),
      );
      // A block is sent from its start only, so that the body is the same whatever the pace.
      const offset = (length - left) % BLOCK.length;
      const part = BLOCK.subarray(offset, Math.min(BLOCK.length, offset + chunk.length));
      left -= part.length;
      if (!response.write(part)) {
        response.once("drain", push);
        return;
      }
    }
    if (left === 0) response.end();
  };
  push();
}

function listen(server: Server, host = "127.0.0.1"): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port)),
  );
}

/** Adds up what the sockets of one listener carried, once they are closed. */
class Meter {
  readonly #sockets = new Set<Socket>();
  #connections = 0;
  #receivedBytes = 0;
  #sentBytes = 0;

  track(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.#connections += 1;
      this.#receivedBytes += socket.bytesRead;
      this.#sentBytes += socket.bytesWritten;
    });
  }

  counts(): OriginCounts {
    return {
      connections: this.#connections,
      open: this.#sockets.size,
      receivedBytes: this.#receivedBytes,
      sentBytes: this.#sentBytes,
    };
  }

  reset(): void {
    this.#connections = 0;
    this.#receivedBytes = 0;
    this.#sentBytes = 0;
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }
}

/** Starts HTTP and HTTPS on `host`, and a control port on 127.0.0.1. `GET /counts` and `/reset` on the control port are not counted. */
export async function startOrigin(tls: { key: string; cert: string }, host = "127.0.0.1"): Promise<Origin> {
  const httpMeter = new Meter();
  const httpsMeter = new Meter();
  const http = createHttpServer(answer);
  const https = createHttpsServer(tls, answer);
  // A raw listener in front of TLS: its sockets count what is on the wire.
  const httpsFront = createTcpServer((socket) => {
    httpsMeter.track(socket);
    https.emit("connection", socket);
  });
  https.on("tlsClientError", () => undefined);
  http.on("connection", (socket) => httpMeter.track(socket));
  const control = createHttpServer((request, response) => {
    if (request.url === "/reset") for (const meter of [httpMeter, httpsMeter]) meter.reset();
    response.end(JSON.stringify({ http: httpMeter.counts(), https: httpsMeter.counts() }));
  });
  const [httpPort, httpsPort, controlPort] = await Promise.all([
    listen(http, host),
    listen(httpsFront, host),
    listen(control),
  ]);
  return {
    httpPort,
    httpsPort,
    controlPort,
    async close() {
      for (const meter of [httpMeter, httpsMeter]) meter.destroy();
      await Promise.all(
        [http, httpsFront, control].map((server) => new Promise((done) => server.close(done))),
      );
    },
  };
}

export const randomName = (prefix: string): string => `${prefix}-${randomBytes(4).toString("hex")}`;
