import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { Addresses } from "#stack/addresses.ts";
import { writeAtomic, writeIfChanged } from "#stack/files.ts";
import { secretPath } from "#stack/paths.ts";

export const REDIS_USERS = ["web", "controller", "proxy-auth"] as const;
export type RedisUser = (typeof REDIS_USERS)[number];

const random = (bytes = 32) => randomBytes(bytes).toString("base64url");

/** Reads a secret, or makes it the first time. */
function ensureSecret(name: string, make: () => string = random): string {
  const path = secretPath(name);
  if (!existsSync(path)) writeAtomic(path, `${make()}\n`, 0o600);
  return readFileSync(path, "utf8").trim();
}

export type Secrets = {
  postgresPassword: string;
  postgresSuperPassword: string;
  /** Of the role that dashboards read with (stack/postgres/reader.ts). */
  readerPassword: string;
  cliTokenHash: string;
};

/** Every secret is a file of its own with mode 0600; programs get paths, never contents. */
export function ensureSecrets(addresses: Addresses): Secrets {
  ensureSecret("master-key", () => randomBytes(32).toString("base64"));
  ensureSecret("nextauth-secret");
  ensureSecret("proxy-auth-token");
  const postgresPassword = ensureSecret("postgres-password");
  const postgresSuperPassword = ensureSecret("postgres-super-password");
  const readerPassword = ensureSecret("postgres-password-grafana");
  ensureSecret("grafana-secret-key");
  const database = `postgresql://causeway:${postgresPassword}@${addresses.of("postgres")}/causeway`;
  writeIfChanged(secretPath("database-url"), `${database}\n`);
  for (const user of REDIS_USERS) {
    const password = ensureSecret(`redis-password-${user}`);
    writeIfChanged(
      secretPath(`redis-url-${user}`),
      `redis://${user}:${password}@${addresses.of("redis")}/0\n`,
    );
  }
  // Renewed at every `up`, so that a copy that got away is worth little.
  const cliToken = `cwy_${random()}`;
  writeAtomic(secretPath("cli.token"), `${cliToken}\n`, 0o600);
  return {
    postgresPassword,
    postgresSuperPassword,
    readerPassword,
    cliTokenHash: createHash("sha256").update(cliToken).digest("hex"),
  };
}

export const readSecret = (name: string) => readFileSync(secretPath(name), "utf8").trim();
