import { createServer, type Server } from "node:http";
import type { Registry } from "#server/metrics.ts";

/** /healthz: alive. /readyz: names what is missing. /metrics. Never public. */
export function createHealthServer(options: {
  registry: Registry;
  findMissing: () => Promise<string[]>;
}): Server {
  const { registry, findMissing } = options;
  return createServer((request, response) => {
    const send = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(body);
    const json = (status: number, body: unknown) => send(status, "application/json", JSON.stringify(body));
    const answer = async () => {
      if (request.method !== "GET" && request.method !== "HEAD") return json(405, { detail: "Use GET." });
      const path = (request.url ?? "/").split("?")[0];
      if (path === "/healthz") return json(200, { isAlive: true });
      if (path === "/metrics") return send(200, registry.contentType, await registry.metrics());
      if (path !== "/readyz") return json(404, { detail: "Try /healthz, /readyz or /metrics." });
      const missing = await findMissing();
      if (missing.length === 0) return json(200, { isReady: true });
      return json(503, { isReady: false, missing });
    };
    answer().catch(() => json(500, { detail: "Look into the controller's log." }));
  });
}
