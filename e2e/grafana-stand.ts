import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { Agent } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import jsonwebtoken, { type JwtHeader, type JwtPayload } from "jsonwebtoken";
import { JwksClient } from "jwks-rsa";
import { inject } from "vitest";
import { dashboardRoutes } from "#stack/traefik/dashboards.ts";
import { forwardAuthMiddleware } from "#stack/traefik/dynamic.ts";
import { eventually, request, stackFile } from "./product.ts";

type Seen = { url: string; headers: IncomingHttpHeaders; rawHeaders: string[] };

/** Stands where Grafana and Jaeger would, behind the real Traefik by the routes that the product writes. */
export class DashboardStand {
  readonly seen: Seen[] = [];
  readonly #server: Server;
  readonly #file = join(inject("stack").dataDir, "traefik", "dynamic", "dashboards.yml");

  constructor() {
    this.#server = createServer(({ url = "", headers, rawHeaders }, response) => {
      this.seen.push({ url, headers, rawHeaders });
      response.setHeader("x-frame-options", "deny");
      response.end(`<h1>${url.split("/")[1]}</h1>`);
    });
    this.#server.on("upgrade", ({ url = "", headers, rawHeaders }, socket) => {
      this.seen.push({ url, headers, rawHeaders });
      socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
      socket.pipe(socket);
      socket.on("error", () => {});
    });
  }

  async start(cookie: string): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    const forwardAuth = `127.0.0.1:${stackFile().ports["forward-auth"]}`;
    const http = dashboardRoutes({
      host: "Host(`127.0.0.1`)",
      dashboards: { grafana: url, jaeger: url },
      forwardAuth: (query) => forwardAuthMiddleware(forwardAuth, query),
    });
    writeFileSync(this.#file, JSON.stringify({ http }));
    await eventually(
      "Traefik to take the routes",
      async () => (await this.ask("/grafana/", cookie)).status === 200,
    );
  }

  stop(): void {
    rmSync(this.#file, { force: true });
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Through Traefik; `seen` is what arrived here, null when nothing did. */
  async ask(path: string, cookie: string | null, headers: Record<string, string> = {}) {
    const before = this.seen.length;
    const response = await request(`${stackFile().panelUrl}${path}`, {
      headers: { ...(cookie === null ? {} : { cookie }), ...headers },
    });
    const body = await response.text();
    return { status: response.status, headers: response.headers, body, seen: this.seen[before] ?? null };
  }

  /** The token that arrived with a request for Grafana. */
  async token(cookie: string, path = "/grafana/"): Promise<string> {
    const { status, seen } = await this.ask(path, cookie);
    if (status !== 200) throw new Error(`/grafana answered ${status}`);
    return String(seen?.headers["remote-jwt"] ?? "");
  }
}

/** Checks a token as docker/grafana/grafana.ini says: with another library than the one that signed it. */
export class GrafanaCheck {
  /** Grafana keeps the key set for its max-age and looks for no unknown key before that ends. */
  static readonly keepsMs = 4_000;
  #since = 0;
  #client = this.#fetchAnew();

  #fetchAnew(): JwksClient {
    this.#since = Date.now();
    const ca = readFileSync(stackFile().caFile, "utf8");
    return new JwksClient({
      jwksUri: `${stackFile().apiUrl}/jwks.json`,
      requestAgent: new Agent({ ca }),
      cache: true,
    });
  }

  async verify(token: string, audience = "grafana"): Promise<JwtPayload> {
    if (Date.now() - this.#since > GrafanaCheck.keepsMs) this.#client = this.#fetchAnew();
    const header = jsonwebtoken.decode(token, { complete: true })?.header as JwtHeader | undefined;
    const keys = await this.#client.getSigningKeys();
    const key = keys.find(({ kid }) => kid === header?.kid);
    if (!key) throw new Error(`no key ${header?.kid} among ${keys.length}`);
    const claims = jsonwebtoken.verify(token, key.getPublicKey(), {
      algorithms: ["ES256"],
      audience,
      issuer: stackFile().panelUrl,
      maxAge: "60s",
    });
    return claims as JwtPayload;
  }
}
