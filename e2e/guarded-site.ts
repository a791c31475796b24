import { rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { expect, inject } from "vitest";
import { api, eventually, request, signIn, stackFile } from "./product.ts";

export type SiteAnswer = { status: number; head: string; headers: Map<string, string>; body: string };
type Rule = { host: string; path?: string; policy: string; roles?: string[] };
const INSTALLED = { host: "*", policy: "roles", roles: ["owner", "admin"] };

/** Would a site take this for its closed part? */
export const isSecret = (url = ""): boolean =>
  /^\/*secret/i.test(
    (url.split("?")[0] ?? "").replace(/%([0-9a-f]{2})/gi, (_all, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
  );

/**
 * A site behind ForwardAuth on a host of its own that writes down what reaches it: `/open/*` is public, `/secret/*`
 * denied, all else is any user's.
 */
export class GuardedSite {
  readonly host = "attacked.test";
  readonly seen: IncomingMessage[] = [];
  receivedBytes = 0;
  readonly #server: Server;
  readonly #file = join(inject("stack").dataDir, "traefik", "dynamic", "attacked.yml");

  constructor() {
    this.#server = createServer({ maxHeaderSize: 2 ** 21 }, (request, response) => {
      this.seen.push(request);
      request.on("data", (chunk: Buffer) => {
        this.receivedBytes += chunk.length;
      });
      request.on("end", () => response.end("reached"));
    });
    this.#server.on("upgrade", (request, socket) => {
      this.seen.push(request);
      socket.end("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
    });
    // Whatever comes through is written down, not refused here.
    this.#server.maxHeadersCount = 0;
  }

  /** Answers an Authorization line with the owner's token. */
  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const { host } = this;
    const url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    const route = { entryPoints: ["websecure"], middlewares: ["forward-auth"], service: "attacked", tls: {} };
    const routers = { attacked: { ...route, rule: `Host(\`${host}\`)` } };
    const services = { attacked: { loadBalancer: { servers: [{ url }] } } };
    writeFileSync(this.#file, JSON.stringify({ http: { routers, services } }));
    await this.#putRules([
      { host, path: "/open/*", policy: "public" },
      { host, path: "/secret/*", policy: "deny" },
      { host, policy: "any_user" },
      INSTALLED,
    ]);
    await eventually("the site to be up", async () => (await this.ask("GET", "/open/x")).status === 200);
    await eventually("its rules to hold", async () => (await this.ask("GET", "/page")).status === 401);
    const { owner } = inject("stack").ready;
    const { apiUrl, panelUrl } = stackFile();
    const cookie = await signIn(owner.name, owner.password ?? "");
    const made = await request(`${apiUrl}/tokens`, {
      method: "POST",
      headers: { cookie, origin: new URL(panelUrl).origin, "content-type": "application/json" },
      body: JSON.stringify({ name: "attacks", scopes: ["forward-auth"] }),
    });
    const bearer = `Authorization: Bearer ${((await made.json()) as { token: string }).token}`;
    await eventually(
      "the token to open it",
      async () => (await this.ask("GET", "/page", [bearer])).status === 200,
    );
    return bearer;
  }

  /** Asks, expects no 5xx, and answers what came back and the targets that reached the site meanwhile. */
  async attack(method: string, target: string, lines: readonly string[] = []) {
    const before = this.seen.length;
    const answer = await this.ask(method, target, lines);
    // Traefik knows no CONNECT, and says so by 501.
    const isRefused = method === "CONNECT" && answer.status === 501;
    expect(answer.status < 500 || isRefused, `${method} ${target} ${lines.join()}: ${answer.status}`).toBe(
      true,
    );
    return { ...answer, reached: this.seen.slice(before).map(({ url }) => url) };
  }

  async close(): Promise<void> {
    rmSync(this.#file, { force: true });
    await this.#putRules([INSTALLED]);
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #putRules(rules: Rule[]): Promise<void> {
    const { version } = (await (await api("/access/rules")).json()) as { version: number };
    const response = await api("/access/rules", { method: "POST", body: { version, rules } });
    if (response.status !== 200) throw new Error(await response.text());
  }

  /** A connection as a browser of this site opens it. */
  connect(): TLSSocket {
    const port = stackFile().ports.https ?? 0;
    const options = { port, host: "127.0.0.1", servername: this.host, rejectUnauthorized: false };
    return connect({ ...options, ALPNProtocols: ["http/1.1"] });
  }

  /** Bytes as they stand, in Latin-1, and all that comes back; `isOne`: no longer than until one answer is whole. */
  send(text: string, waitMs = 5_000, isOne = false): Promise<SiteAnswer> {
    const socket = this.connect();
    socket.write(text, "latin1");
    let answer = "";
    return new Promise((resolve) => {
      socket.on("data", (chunk: Buffer) => {
        answer += chunk.toString("latin1");
        if (isOne && isWhole(answer)) socket.destroy();
      });
      socket.on("error", () => {});
      socket.on("close", () => resolve(parse(answer)));
      socket.setTimeout(waitMs, () => socket.destroy());
    });
  }

  ask(method: string, target: string, lines: readonly string[] = []): Promise<SiteAnswer> {
    const hasHost = lines.some((line) => /^host:/i.test(line));
    const head = [
      `${method} ${target} HTTP/1.1`,
      ...(hasHost ? [] : [`Host: ${this.host}`]),
      ...lines,
      ...(lines.some((line) => /^connection:/i.test(line)) ? [] : ["Connection: close"]),
    ];
    return this.send(`${head.join("\r\n")}\r\n\r\n`, 20_000, true);
  }
}

/** One that says its length, and has it. */
function isWhole(text: string): boolean {
  const { head, headers, body } = parse(text);
  if (!text.includes("\r\n\r\n")) return false;
  return /^HTTP\/1\.1 101/.test(head) || body.length >= Number(headers.get("content-length") ?? Number.NaN);
}

function parse(text: string): SiteAnswer {
  const [head = "", ...body] = text.split("\r\n\r\n");
  const pairs = head
    .split("\r\n")
    .slice(1)
    .map(
      (line) =>
        [line.split(":", 1)[0]?.toLowerCase() ?? "", line.slice(line.indexOf(":") + 1).trim()] as const,
    );
  return { status: Number(head.slice(9, 12)), head, headers: new Map(pairs), body: body.join("\r\n\r\n") };
}
