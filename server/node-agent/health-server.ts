import { createServer, type Server } from "node:http";
import type { Registry } from "#server/metrics.ts";

/** /healthz: alive; /readyz: names what is missing; /metrics. Loopback only. */
export function createHealthServer(options: { registry: Registry; findMissing: () => string[] }): Server {
  return createServer((request, response) => {
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (request.url === "/healthz") return void json(200, { isAlive: true });
    if (request.url === "/readyz") {
      const missing = options.findMissing();
      return void json(missing.length === 0 ? 200 : 503, {
        isReady: missing.length === 0,
        ...(missing.length === 0 ? {} : { missing }),
      });
    }
    if (request.url !== "/metrics") return void json(404, { detail: "Try /healthz, /readyz or /metrics." });
    options.registry.metrics().then(
      (text) => response.writeHead(200, { "content-type": options.registry.contentType }).end(text),
      () => json(500, { detail: "Metrics failed." }),
    );
  });
}
