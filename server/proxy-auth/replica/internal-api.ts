import { createInterface } from "node:readline";
import { Pool } from "undici";
import type { z } from "zod";
import {
  type RedeemedHandoff,
  type RedeemHandoffInput,
  redeemedHandoffSchema,
} from "#lib/schemas/handoff.ts";
import {
  type Changes,
  changesSchema,
  clientAddressesSchema,
  type ReplicaUser,
  replicaHeaderSchema,
  replicaUserSchema,
  type SessionRecord,
  sessionRecordSchema,
  type TokenRecord,
  tokenRecordSchema,
  type UsageBatch,
  type UsageTotals,
  usageTotalsSchema,
  userByNameSchema,
} from "#lib/schemas/internal.ts";
import {
  type RegisteredJwtKey,
  type RegisterJwtKeyInput,
  registeredJwtKeySchema,
} from "#lib/schemas/jwks.ts";
import { AppError, unavailable } from "#server/errors.ts";
import { traceHeaders, withChildSpan } from "#server/tracing.ts";

const TIMEOUT_MS = 5_000;
/** A replica of 100 000 users is about 30 MB: what counts is that lines keep coming. */
const REPLICA_STALL_MS = 15_000;

export type ReplicaHeader = z.infer<typeof replicaHeaderSchema>;
export type ReplicaSnapshot = { header: ReplicaHeader; users: ReplicaUser[] };
type CallOptions = { signal?: AbortSignal; body?: unknown; timeoutMs?: number };

/** Web's `/internal`, as far as this program's token opens it. Throws UNAVAILABLE while web is away. */
export class InternalApi {
  readonly #pool: Pool;
  readonly #token: string;

  constructor(options: { baseUrl: string; token: string }) {
    this.#pool = new Pool(new URL(options.baseUrl).origin, { connections: 8, connectTimeout: 2_000 });
    this.#token = options.token;
  }

  async readReplica(): Promise<ReplicaSnapshot> {
    const { statusCode, body } = await this.#request("GET", "/internal/replica", {
      timeoutMs: REPLICA_STALL_MS,
    });
    if (statusCode !== 200) throw await refusal(statusCode, body, "/internal/replica");
    let header: ReplicaHeader | null = null;
    const users: ReplicaUser[] = [];
    for await (const line of createInterface({ input: body, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line === "") continue;
      if (header === null) header = replicaHeaderSchema.parse(JSON.parse(line));
      else users.push(replicaUserSchema.parse(JSON.parse(line)));
    }
    if (header === null || header.users !== users.length) {
      throw unavailable("The replica ended early; it is taken again.");
    }
    return { header, users };
  }

  async readChanges(after: number): Promise<Changes> {
    return changesSchema.parse(await this.#call("GET", `/internal/changes?after=${after}`));
  }

  async findUserByName(name: string, timeoutMs: number): Promise<ReplicaUser | null> {
    const path = `/internal/users/by-name/${encodeURIComponent(name)}`;
    const answer = await this.#find("GET", path, { timeoutMs });
    return answer === null ? null : userByNameSchema.parse(answer).user;
  }

  /** Where a user was last let in from. */
  async listAddresses(userId: string, timeoutMs: number): Promise<string[]> {
    const answer = await this.#call("GET", `/internal/users/${userId}/addresses`, { timeoutMs });
    return clientAddressesSchema.parse(answer).addresses;
  }

  async findSession(idHash: string, signal: AbortSignal): Promise<SessionRecord | null> {
    const answer = await this.#find("GET", `/internal/sessions/${idHash}`, { signal });
    return answer === null ? null : sessionRecordSchema.parse(answer);
  }

  async verifyToken(tokenHash: string, signal: AbortSignal): Promise<TokenRecord | null> {
    const answer = await this.#find("POST", "/internal/tokens/verify", { signal, body: { tokenHash } });
    return answer === null ? null : tokenRecordSchema.parse(answer);
  }

  /** Null: the code is not, or no longer, good. */
  async redeemHandoff(body: RedeemHandoffInput): Promise<RedeemedHandoff | null> {
    const answer = await this.#find("POST", "/internal/handoffs/redeem", { body, timeoutMs: 2_000 });
    return answer === null ? null : redeemedHandoffSchema.parse(answer);
  }

  async sendUsage(batch: UsageBatch): Promise<UsageTotals> {
    return usageTotalsSchema.parse(await this.#call("POST", "/internal/usage", { body: batch }));
  }

  async registerJwtKey(body: RegisterJwtKeyInput): Promise<RegisteredJwtKey> {
    return registeredJwtKeySchema.parse(await this.#call("POST", "/internal/jwks", { body }));
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #find(method: "GET" | "POST", path: string, options: CallOptions): Promise<unknown | null> {
    try {
      return await this.#call(method, path, options);
    } catch (error) {
      if (error instanceof AppError && error.code === "NOT_FOUND") return null;
      throw error;
    }
  }

  async #call(method: "GET" | "POST", path: string, options: CallOptions = {}): Promise<unknown> {
    const { statusCode, body } = await this.#request(method, path, options);
    if (statusCode !== 200) throw await refusal(statusCode, body, path);
    try {
      return await body.json();
    } catch (cause) {
      throw unavailable("The panel's answer broke off.", cause);
    }
  }

  async #request(method: "GET" | "POST", path: string, options: CallOptions) {
    const timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    const ask = () =>
      this.#pool.request({
        method,
        path,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        signal: options.signal ?? null,
        body: options.body === undefined ? null : JSON.stringify(options.body),
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(options.body === undefined ? {} : { "content-type": "application/json" }),
          ...traceHeaders(),
        },
      });
    try {
      return await withChildSpan(`${method} ${template(path)}`, { "peer.service": "causeway-web" }, ask);
    } catch (cause) {
      throw unavailable("The panel's internal API cannot be reached.", cause);
    }
  }
}

async function refusal(status: number, body: { dump(): Promise<void> }, path: string): Promise<AppError> {
  await body.dump().catch(() => {});
  const message = `${template(path)} answered ${status}.`;
  if (status === 404) return new AppError("NOT_FOUND", message);
  if (status === 400 || status === 413 || status === 422) return new AppError("INVALID_INPUT", message);
  if (status === 401 || status === 403)
    return new AppError("FORBIDDEN", `${message} Check INTERNAL_TOKEN_FILE.`);
  return unavailable(message);
}

/** What may be said of an address: no name, no hash. */
function template(path: string): string {
  return path
    .replace(/\?.*/, "")
    .replace(/(by-name|sessions)\/.*/, "$1/…")
    .replace(/users\/[0-9a-f-]{36}/, "users/…");
}
