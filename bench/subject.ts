import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Agent, fetch } from "undici";
import type { UserSecrets } from "#lib/schemas/user.ts";

type Login = { name: string; password: string };

/** A whole stack of its own, with the origin allowed, one user and the owner's session. */
export type Subject = {
  ports: { forwardAuth: number; forwardAuthTls: number; http: number; socks: number };
  /** What signs ForwardAuth's certificate. */
  forwardAuthCa: string;
  httpProxy: string;
  /** Of proxy-auth's first process. */
  pid: number;
  /** Processes of proxy-auth that answer and carry. */
  workers: number;
  dashboardHost: string;
  cookie: string;
  user: Login;
  /** Three more: one user alone may not hold 10 000 tunnels. */
  others: Login[];
  /** May move 10 Mbit/s. */
  slowUser: Login;
  stop(): void;
};

export const childrenOf = (pid: number): number[] =>
  readdirSync("/proc")
    .map(Number)
    .filter((child) => child > 0 && parentOf(child) === pid);

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return 0;
  }
}

export async function prepareSubject(work: string, originPort: number): Promise<Subject> {
  const env = {
    ...process.env,
    CAUSEWAY_DATA_DIR: join(work, "data"),
    ALLOWED_PRIVATE_TARGETS: `127.0.0.1/32:${originPort}`,
  };
  const bootstrap = (...args: string[]) =>
    execFileSync(process.execPath, ["stack/bootstrap.mjs", ...args], {
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "inherit"],
    });
  const stop = () =>
    void spawnSync(process.execPath, ["stack/bootstrap.mjs", "down"], { env, stdio: "inherit" });
  try {
    const ready = JSON.parse(bootstrap("up", "--detach", "--json", "--host", "127.0.0.1")) as {
      owner: { name: string; password: string };
      panelUrl: string;
      apiUrl: string;
    };
    const stack = JSON.parse(readFileSync(join(env.CAUSEWAY_DATA_DIR, "stack.json"), "utf8")) as {
      caFile: string;
      httpProxy: string;
      ports: Record<string, number>;
      pids: Record<string, number>;
    };
    const addUser = (...args: string[]): Login => {
      const added = execFileSync("./vpn", ["user", "add", ...args, "--json"], { env, encoding: "utf8" });
      const { proxy } = JSON.parse(added) as UserSecrets;
      return { name: proxy.username, password: proxy.password };
    };
    const user = addUser("bench");
    const others = ["bench-2", "bench-3", "bench-4"].map((name) => addUser(name));
    const slowUser = addUser("bench-slow", "--rate", "10Mbit");
    const login = await fetch(`${ready.apiUrl}/session`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: new URL(ready.panelUrl).origin },
      body: JSON.stringify(ready.owner),
      dispatcher: new Agent({ connect: { ca: readFileSync(stack.caFile, "utf8") } }),
    });
    const cookie = login.headers
      .getSetCookie()
      .find((line) => line.startsWith("__Host-causeway="))
      ?.split(";")[0];
    const pid = stack.pids["proxy-auth"] ?? 0;
    if (cookie === undefined) throw new Error(`the owner could not sign in: ${login.status}`);
    return {
      ports: {
        forwardAuth: stack.ports["forward-auth"] ?? 9001,
        forwardAuthTls: stack.ports["forward-auth-tls"] ?? 9007,
        http: stack.ports["http-proxy-listener"] ?? 9011,
        socks: stack.ports["socks-proxy-listener"] ?? 9012,
      },
      forwardAuthCa: join(env.CAUSEWAY_DATA_DIR, "pki/proxy-auth-ca.crt"),
      httpProxy: stack.httpProxy,
      pid,
      workers: Math.max(1, childrenOf(pid).length),
      dashboardHost: `127.0.0.1:${stack.ports.dashboard}`,
      cookie,
      user,
      others,
      slowUser,
      stop,
    };
  } catch (error) {
    stop();
    throw error;
  }
}
