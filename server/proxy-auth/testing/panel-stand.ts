import { createHash, createHmac, randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { RedeemHandoffInput } from "#lib/schemas/handoff.ts";
import {
  type ReplicaAccess,
  type ReplicaGroup,
  type ReplicaUser,
  type SessionRecord,
  type TokenRecord,
  type UsageBatch,
  usageBatchSchema,
} from "#lib/schemas/internal.ts";
import type { RegisterJwtKeyInput } from "#lib/schemas/jwks.ts";

type Change = { userId?: string; session?: string; token?: string; group?: string; access?: true };

export const PROGRAM_TOKEN = "program-token";

/** Web's `/internal` over real HTTP, on memory: this program's side of the contract (e2e has the real one). */
export class PanelStand {
  readonly key = randomBytes(32);
  readonly users = new Map<string, ReplicaUser>();
  readonly sessions = new Map<string, SessionRecord>();
  readonly tokens = new Map<string, TokenRecord>();
  /** By user: where they were let in from before. */
  readonly addresses = new Map<string, string[]>();
  readonly jwtKeys = new Set<string>();
  readonly groups = new Map<string, ReplicaGroup>();
  /** By code; once. */
  readonly handoffs = new Map<
    string,
    RedeemHandoffInput & { sessionId: string; url: string; userId: string }
  >();
  access: ReplicaAccess | null = null;
  readonly batches: UsageBatch[] = [];
  readonly calls: string[] = [];
  revision = 1;
  port = 0;
  #changes: (Change & { revision: number })[] = [];
  #applied = new Map<string, number>();
  #server: Server | null = null;

  async start(port = 0): Promise<void> {
    const server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    this.#server = server;
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    this.port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  hash(password: string): string {
    return createHmac("sha256", this.key).update(password).digest("base64");
  }

  /** A user whose proxy password is `<name>-secret`. */
  addUser(name: string, changes: Partial<ReplicaUser> = {}): ReplicaUser {
    const user: ReplicaUser = {
      id: randomUUID(),
      name,
      email: null,
      role: "user",
      status: "active",
      expiresAt: null,
      limitBytes: null,
      usedBytes: 0,
      proxyHash: this.hash(`${name}-secret`),
      groups: [],
      ...changes,
    };
    this.users.set(user.id, user);
    this.#changed({ userId: user.id });
    return user;
  }

  change(id: string, changes: Partial<ReplicaUser>): void {
    const user = this.users.get(id);
    if (user) this.users.set(id, { ...user, ...changes });
    this.#changed({ userId: id });
  }

  delete(id: string): void {
    this.users.delete(id);
    this.#changed({ userId: id });
  }

  putGroup(name: string, destinations: Partial<ReplicaGroup["destinations"]> = {}): ReplicaGroup {
    const known = [...this.groups.values()].find((group) => group.name === name);
    const group = {
      id: known?.id ?? randomUUID(),
      name,
      destinations: { otherwise: "allow" as const, rules: [], ...destinations },
    };
    this.groups.set(group.id, group);
    this.#changed({ group: group.id });
    return group;
  }

  setRules(rules: ReplicaAccess["rules"]): void {
    this.access = { version: (this.access?.version ?? 0) + 1, rules };
    this.#changed({ access: true });
  }

  /** The cookie's value. */
  addSession(userId: string, host: string): string {
    const value = randomBytes(32).toString("base64url");
    this.sessions.set(sha256(value), { userId, host, expiresAt: Date.now() + 3_600_000 });
    return value;
  }

  endSession(value: string): void {
    this.sessions.delete(sha256(value));
    this.#changed({ session: sha256(value) });
  }

  addToken(userId: string | null, scopes: TokenRecord["scopes"]): string {
    const token = `cwy_${randomBytes(32).toString("base64url")}`;
    this.tokens.set(sha256(token), { tokenId: randomUUID(), userId, scopes, expiresAt: null });
    return token;
  }

  revokeToken(token: string): void {
    const record = this.tokens.get(sha256(token));
    this.tokens.delete(sha256(token));
    if (record) this.#changed({ token: record.tokenId });
  }

  /** Bytes applied exactly once, by door. */
  usageOf(userId: string, door: string): { up: number; down: number } {
    const total = { up: 0, down: 0 };
    for (const entry of this.batches.flatMap((batch) => batch.entries)) {
      if (entry.userId !== userId || entry.door !== door) continue;
      total.up += entry.upBytes;
      total.down += entry.downBytes;
    }
    return total;
  }

  #changed(change: Change): void {
    this.revision += 1;
    this.#changes.push({ revision: this.revision, ...change });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://panel");
    this.calls.push(`${request.method} ${url.pathname}`);
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${PROGRAM_TOKEN}`) return answer(401, {});
    const last = url.pathname.split("/").at(-1) ?? "";
    if (url.pathname === "/internal/replica") {
      const header = {
        revision: this.revision,
        users: this.users.size,
        proxyPasswordKey: this.key.toString("base64"),
        groups: [...this.groups.values()],
        access: this.access,
      };
      const lines = [header, ...this.users.values()].map((line) => JSON.stringify(line));
      response.end(`${lines.join("\n")}\n`);
    } else if (url.pathname === "/internal/changes") {
      answer(200, this.#since(Number(url.searchParams.get("after"))));
    } else if (url.pathname.endsWith("/addresses")) {
      answer(200, { addresses: this.addresses.get(url.pathname.split("/").at(-2) ?? "") ?? [] });
    } else if (url.pathname.startsWith("/internal/users/by-name/")) {
      const user = [...this.users.values()].find(({ name }) => name === last) ?? null;
      answer(200, { revision: this.revision, user });
    } else if (url.pathname.startsWith("/internal/sessions/")) {
      const session = this.sessions.get(last);
      answer(session ? 200 : 404, session ?? {});
    } else if (url.pathname === "/internal/tokens/verify") {
      const { tokenHash } = JSON.parse(await readAll(request)) as { tokenHash: string };
      const token = this.tokens.get(tokenHash);
      answer(token ? 200 : 404, token ?? {});
    } else if (url.pathname === "/internal/handoffs/redeem") {
      const input = JSON.parse(await readAll(request)) as RedeemHandoffInput;
      const handoff = this.handoffs.get(input.code);
      this.handoffs.delete(input.code);
      if (!handoff || handoff.host !== input.host || handoff.state !== input.state) return answer(404, {});
      this.sessions.set(sha256(handoff.sessionId), {
        userId: handoff.userId,
        host: handoff.host,
        expiresAt: Date.now() + 60_000,
      });
      answer(200, { sessionId: handoff.sessionId, url: handoff.url });
    } else if (url.pathname === "/internal/jwks") {
      const { kid } = JSON.parse(await readAll(request)) as RegisterJwtKeyInput;
      answer(200, { isNew: !this.jwtKeys.has(kid), leaseSeconds: 900 });
      this.jwtKeys.add(kid);
    } else if (url.pathname === "/internal/usage") {
      answer(200, this.#apply(usageBatchSchema.parse(JSON.parse(await readAll(request)))));
    } else {
      answer(404, {});
    }
  }

  #since(after: number) {
    const changes = this.#changes.filter(({ revision }) => revision > after);
    const ids = new Set(changes.flatMap(({ userId }) => (userId ? [userId] : [])));
    return {
      revision: this.revision,
      isPruned: false,
      users: [...ids].map((id) => ({ id, user: this.users.get(id) ?? null })),
      groups: changes.flatMap(({ group: id }) => (id ? [{ id, group: this.groups.get(id) ?? null }] : [])),
      access: changes.some(({ access }) => access) ? this.access : null,
      endedSessions: changes.flatMap(({ session }) => (session ? [session] : [])),
      revokedTokens: changes.flatMap(({ token }) => (token ? [token] : [])),
    };
  }

  #apply(batch: UsageBatch) {
    const lastSeq = this.#applied.get(batch.boot) ?? 0;
    if (batch.seq > lastSeq) {
      this.#applied.set(batch.boot, batch.seq);
      this.batches.push(batch);
      for (const { userId, upBytes, downBytes } of batch.entries) {
        const user = this.users.get(userId);
        if (user) user.usedBytes += upBytes + downBytes;
      }
    }
    const ids = new Set(batch.entries.map(({ userId }) => userId));
    const totals = [...ids].flatMap((id) => {
      const user = this.users.get(id);
      return user ? [{ userId: id, usedBytes: user.usedBytes }] : [];
    });
    return { lastSeq: this.#applied.get(batch.boot) ?? 0, totals };
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
