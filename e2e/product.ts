import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent, fetch, type RequestInit, type Response } from "undici";
import { inject } from "vitest";
import type { Usage } from "#lib/schemas/usage.ts";
import type { UserSecrets } from "#lib/schemas/user.ts";
import { type OriginCounts, randomName } from "./origin.ts";

export type StackFile = {
  panelUrl: string;
  apiUrl: string;
  caFile: string;
  httpProxy: string;
  socksProxy: string;
  vpnAddress: string;
  ports: Record<string, number>;
  pids: Record<string, number>;
};

export const stackFile = (): StackFile =>
  JSON.parse(readFileSync(join(inject("stack").dataDir, "stack.json"), "utf8"));

export type CliResult = { code: number; stdout: string; stderr: string };

/** The real CLI, as a person types it. */
export function vpn(...args: string[]): Promise<CliResult> {
  const env = { ...process.env, CAUSEWAY_DATA_DIR: inject("stack").dataDir, NO_COLOR: "1" };
  return new Promise((resolve) => {
    execFile("./vpn", args, { env, timeout: 90_000 }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}

export async function vpnJson<T>(...args: string[]): Promise<T> {
  const result = await vpn(...args, "--json");
  if (result.code !== 0) throw new Error(`vpn ${args.join(" ")} ended with ${result.code}: ${result.stderr}`);
  return JSON.parse(result.stdout) as T;
}

export const addUser = (...options: string[]): Promise<UserSecrets> =>
  vpnJson<UserSecrets>("user", "add", randomName("t"), ...options);

export const usageOf = (name: string): Promise<Usage> => vpnJson<Usage>("usage", "--user", name);

export const cliToken = (): string =>
  readFileSync(join(inject("stack").dataDir, "secrets", "cli.token"), "utf8").trim();

let agent: Agent | undefined;
/** fetch that trusts the installation's web CA and follows no redirect. */
export function request(url: string, init: RequestInit = {}): Promise<Response> {
  agent ??= new Agent({
    connect: { ca: readFileSync(stackFile().caFile, "utf8"), timeout: 30_000 },
    // A program that is held still must not hold the test for the five minutes that are undici's default.
    headersTimeout: 30_000,
  });
  return fetch(url, { redirect: "manual", dispatcher: agent, ...init });
}

/** An API call with a bearer token (default: the CLI's). */
export function api(
  path: string,
  init: { method?: string; body?: unknown; token?: string } = {},
): Promise<Response> {
  const headers: Record<string, string> = { authorization: `Bearer ${init.token ?? cliToken()}` };
  const options: RequestInit = { method: init.method ?? "GET", headers };
  if (init.body !== undefined) {
    headers["content-type"] = "application/json";
    options.body = JSON.stringify(init.body);
  }
  return request(`${stackFile().apiUrl}${path}`, options);
}

/**
 * Asks again while nobody has time (429, 5xx, no connection), for up to 90 s: for what a test needs and does not try.
 * A limit per minute has passed by then.
 */
export async function whenServed(ask: () => Promise<Response>): Promise<Response> {
  let response: Response | undefined;
  await eventually(
    "an answer",
    async () => {
      response = await ask();
      if (response.status !== 429 && response.status < 500) return true;
      await sleep(1_000);
      throw new Error(`the last one was ${response.status}`);
    },
    90_000,
  );
  if (response === undefined) throw new Error("no answer");
  return response;
}

/** Signs in on the panel and answers the cookie as a Cookie header. */
export async function signIn(name: string, password: string): Promise<string> {
  const { panelUrl, apiUrl } = stackFile();
  const response = await whenServed(() =>
    request(`${apiUrl}/session`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: new URL(panelUrl).origin },
      body: JSON.stringify({ name, password }),
    }),
  );
  if (response.status >= 300)
    throw new Error(`sign-in answered ${response.status}: ${await response.text()}`);
  const cookie = response.headers.getSetCookie().find((line) => line.startsWith("__Host-causeway="));
  if (cookie === undefined) throw new Error("sign-in set no cookie");
  return cookie.split(";")[0] ?? "";
}

/** A user with a panel password, set through the real invite, and their session cookie. */
export async function addPerson(): Promise<{ user: UserSecrets; cookie: string; password: string }> {
  const user = await addUser();
  const password = `pw-${randomName("secret")}-${randomName("x")}`;
  const token = new URL(user.invite?.url ?? "").pathname.split("/").at(-1) ?? "";
  const { apiUrl, panelUrl } = stackFile();
  const accepted = await request(`${apiUrl}/invites/${token}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: new URL(panelUrl).origin },
    body: JSON.stringify({ password }),
  });
  if (accepted.status >= 300) throw new Error(`invite answered ${accepted.status}: ${await accepted.text()}`);
  return { user, password, cookie: await signIn(user.name, password) };
}

/** Long enough for a machine that is busy: a limit that is promised is stated where it is tried. */
const PATIENCE_MS = 45_000;

/** Tries until `check` answers true; the error says what was waited for, and why the last try was none. */
export async function eventually(
  what: string,
  check: () => Promise<boolean> | boolean,
  timeoutMs = PATIENCE_MS,
): Promise<number> {
  const started = Date.now();
  let last: unknown;
  while (Date.now() - started < timeoutMs) {
    try {
      if (await check()) return Date.now() - started;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  const why = last instanceof Error ? ` (${last.message})` : "";
  throw new Error(`not within ${timeoutMs} ms: ${what}${why}`, { cause: last });
}

/**
 * Holds a promise of the kind "from `limitMs` on it is so": whoever asks later than that must see it. An earlier ask
 * may, and how long an ask takes on this machine does not count. Answers when the first ask that saw it was begun.
 */
export async function heldWithin(
  what: string,
  limitMs: number,
  check: () => Promise<boolean>,
  since = Date.now(),
): Promise<number> {
  for (;;) {
    const askedAfter = Date.now() - since;
    if (await check()) return askedAfter;
    if (askedAfter > limitMs) throw new Error(`not so ${askedAfter} ms later, ${limitMs} promised: ${what}`);
    await sleep(10);
  }
}

export type Counts = { http: OriginCounts; https: OriginCounts };
const control = async (path: string): Promise<Counts> =>
  (await (await fetch(`http://127.0.0.1:${inject("stack").controlPort}${path}`)).json()) as Counts;
export const originCounts = (): Promise<Counts> => control("/counts");

/** Bytes that the origin received and sent, on both its ports. */
export async function originTotals(): Promise<{ upBytes: number; downBytes: number }> {
  const { http, https } = await originCounts();
  return { upBytes: http.receivedBytes + https.receivedBytes, downBytes: http.sentBytes + https.sentBytes };
}

/** Waits until nobody is connected to the origin: then its counts are final. */
export const originIdle = (): Promise<number> =>
  eventually("all connections to the origin to close", async () => {
    const { http, https } = await originCounts();
    return http.open + https.open === 0;
  });

export async function resetOrigin(): Promise<void> {
  await originIdle();
  await control("/reset");
}

export const originUrl = (scheme: "http" | "https", path: string): string =>
  `${scheme}://${inject("stack").originHost ?? "127.0.0.1"}:${scheme === "http" ? inject("stack").httpPort : inject("stack").httpsPort}${path}`;

/** curl arguments for each way through a door; the VPN's are the client's local SOCKS port. */
export const through = {
  http: (user: UserSecrets): string[] => ["-x", user.proxy.httpUrl, "--cacert", inject("stack").originCa],
  socks: (user: UserSecrets): string[] => ["-x", user.proxy.socksUrl, "--cacert", inject("stack").originCa],
  vpn: (socksPort: number): string[] => [
    "-x",
    `socks5h://127.0.0.1:${socksPort}`,
    "--cacert",
    inject("stack").originCa,
  ],
};
