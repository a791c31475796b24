import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { Agent, fetch } from "undici";
import { z } from "zod";
import { type ApiClient, createApiClient } from "#lib/api-client.ts";
import type { ConnectOptions } from "./cli.ts";
import { CliError, wrongUse } from "./cli-error.ts";

const stackSchema = z.object({ apiUrl: z.url(), caFile: z.string() });
const TIMEOUT_MS = 25_000;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * A client for the stack of `dataDir`, or for `--url`. The stack's token goes to the stack's own address only:
 * another address needs a token file of its own.
 */
export async function connect(dataDir: string, options: ConnectOptions): Promise<ApiClient> {
  const stack = options.url === undefined ? readStack(dataDir) : null;
  if (stack === null && options.tokenFile === undefined) {
    throw wrongUse("--url needs --token-file with an API token made for that address.");
  }
  const baseUrl = (options.url ?? stack?.apiUrl ?? "").replace(/\/+$/, "").replace(/\/api\/v1$/, "");
  refuseUnsafe(baseUrl);
  const tokenFile = options.tokenFile ?? join(dataDir, "secrets", "cli.token");
  const token = readText(tokenFile, "The API token").trim();
  const caFile = options.caFile ?? stack?.caFile;
  const ca = caFile === undefined ? undefined : [...rootCertificates, readText(caFile, "The CA certificate")];
  const dispatcher = new Agent({ connect: { timeout: 5_000, ...(ca ? { ca } : {}) }, keepAliveTimeout: 1 });
  return createApiClient({
    baseUrl,
    token,
    fetch: (url, { credentials: _, cache: __, ...init }) =>
      fetch(url, { ...init, dispatcher, redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MS) }),
  });
}

function readStack(dataDir: string): z.infer<typeof stackSchema> {
  const file = join(dataDir, "stack.json");
  if (!existsSync(file)) {
    throw new CliError(`Nothing runs here (${file} is missing). Start it with: npm run up`);
  }
  const parsed = z
    .string()
    .transform((text) => JSON.parse(text))
    .pipe(stackSchema)
    .safeParse(readText(file, "The stack's description"));
  if (!parsed.success) throw new CliError(`${file} cannot be understood. Start the stack again: npm run up`);
  return parsed.data;
}

function refuseUnsafe(baseUrl: string): void {
  if (!URL.canParse(baseUrl)) throw wrongUse(`“${baseUrl}” is not an address like https://vpn.example.org.`);
  const { protocol, hostname } = new URL(baseUrl);
  if (protocol === "https:" || (protocol === "http:" && LOOPBACK.has(hostname))) return;
  throw wrongUse("The address must start with https://, or the token would travel in clear.");
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === "ENOENT" ? "is missing" : code === "EACCES" ? "is not readable for you" : `failed: ${code}`;
    throw new CliError(
      `${what} in ${path} ${reason}. Run as the user who runs the stack, or start it: npm run up`,
    );
  }
}
