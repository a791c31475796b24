import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CliError } from "#cli/cli-error.ts";

const loginSchema = z.object({
  url: z.string(),
  name: z.string(),
  token: z.string(),
  /** null when the token was pasted: it is not ours to revoke by id. */
  tokenId: z.string().nullable(),
  /** The CA that was confirmed at login; null = the system's. */
  ca: z.string().nullable(),
});
export type Login = z.infer<typeof loginSchema>;

const loginsSchema = z.object({ current: z.string().nullable(), hosts: z.record(z.string(), loginSchema) });
export type Logins = z.infer<typeof loginsSchema>;

const fileOf = (configDir: string) => join(configDir, "logins.json");

export const hostOf = (url: string) => new URL(url).host;

/** Every installation that somebody signed in to from here, by host. */
export function readLogins(configDir: string): Logins {
  const file = fileOf(configDir);
  if (!existsSync(file)) return { current: null, hosts: {} };
  try {
    return loginsSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new CliError(`${file} cannot be read. Look at it, or remove it and sign in again: vpn login URL`);
  }
}

/** They open an installation: for this person's eyes only. */
export function writeLogins(configDir: string, logins: Logins): void {
  const file = fileOf(configDir);
  try {
    mkdirSync(configDir, { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, `${JSON.stringify(logins, null, 2)}\n`, { mode: 0o600 });
    chmodSync(`${file}.new`, 0o600);
    renameSync(`${file}.new`, file);
  } catch (error) {
    throw new CliError(`The login cannot be kept in ${file}: ${(error as Error).message}`);
  }
}

export function findLogin(configDir: string, host: string | null): Login | null {
  const logins = readLogins(configDir);
  const wanted = host ?? logins.current;
  return wanted === null ? null : (logins.hosts[wanted] ?? null);
}
