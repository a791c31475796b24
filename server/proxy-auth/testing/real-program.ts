import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { issueLeaf } from "#stack/pki/issue.ts";
import { basic, connectAsTraefik, eventually, readHead } from "./bench.ts";
import { PanelStand, PROGRAM_TOKEN } from "./panel-stand.ts";

const MAIN = join(import.meta.dirname, "../main.ts");

/**
 * main.ts as the supervisor runs it, against a panel's stand-in, without Redis. A replica of another is on the same
 * ports of its own address.
 */
export class RealProgram {
  readonly panel: PanelStand;
  readonly ports: { forwardAuth: number; forwardAuthTls: number; http: number; socks: number };
  readonly host: string;
  readonly #env: Record<string, string>;
  readonly #isReplica: boolean;
  #directory = "";
  #child: ChildProcess | null = null;

  constructor(env: Record<string, string> = {}, replicaOf: RealProgram | null = null) {
    this.#env = env;
    this.#isReplica = replicaOf !== null;
    this.host = env.PROXY_AUTH_HOST ?? "127.0.0.1";
    this.panel = replicaOf?.panel ?? new PanelStand();
    this.ports = replicaOf?.ports ?? { forwardAuth: 0, forwardAuthTls: 0, http: 0, socks: 0 };
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Signs itself. */
  get certificateFile(): string {
    return join(this.#directory, "crt");
  }

  /** Of the worker processes, in no order. */
  get workerPids(): number[] {
    const output = execFileSync("ps", ["-o", "pid=,ppid=", "-e"], { encoding: "utf8" });
    return output
      .split("\n")
      .map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([pid = 0, parent]) => (parent === this.pid ? [pid] : []));
  }

  async prepare(): Promise<void> {
    this.#directory = await mkdtemp(join(tmpdir(), "doors-program-"));
    await writeFile(join(this.#directory, "token"), PROGRAM_TOKEN);
    await writeFile(join(this.#directory, "redis"), "redis://127.0.0.1:1");
    const names = ["127.0.0.1", "127.0.0.2", "127.0.0.3", "doors.test"];
    const tls = await issueLeaf({ name: "proxy-auth", names, days: 1, usage: "server" });
    await writeFile(join(this.#directory, "crt"), tls.certificate);
    await writeFile(join(this.#directory, "key"), tls.key);
    if (this.#isReplica) return;
    await this.panel.start();
    for (const name of ["forwardAuth", "forwardAuthTls", "http", "socks"] as const)
      this.ports[name] = await freePort();
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN], {
      stdio: "ignore",
      env: {
        ...process.env,
        FORWARD_AUTH_PORT: String(this.ports.forwardAuth),
        FORWARD_AUTH_TLS_PORT: String(this.ports.forwardAuthTls),
        FORWARD_AUTH_CERT_FILE: this.certificateFile,
        FORWARD_AUTH_KEY_FILE: join(this.#directory, "key"),
        HTTP_PROXY_LISTEN_PORT: String(this.ports.http),
        SOCKS_PROXY_LISTEN_PORT: String(this.ports.socks),
        PANEL_URL: "https://panel.test",
        WEB_INTERNAL_URL: `http://127.0.0.1:${this.panel.port}`,
        INTERNAL_TOKEN_FILE: join(this.#directory, "token"),
        REDIS_URL_FILE: join(this.#directory, "redis"),
        TRUSTED_PROXIES: "127.0.0.1",
        ALLOWED_PRIVATE_TARGETS: "127.0.0.0/8",
        STATE_DIR: join(this.#directory, "state"),
        ...this.#env,
      },
    });
    this.#child = child;
    await eventually(() => isListening(this.ports.socks, this.host), 20_000);
  }

  /** Resolves to the exit code when the process has ended; SIGKILL goes to its workers too. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    const gone = once(child, "exit");
    if (signal === "SIGKILL") for (const pid of this.workerPids) kill(pid);
    child.kill(signal);
    const [code] = await gone;
    // A killed worker holds its listeners until the kernel has taken it apart: who connects until then is reset.
    await eventually(async () => !(await isListening(this.ports.http, this.host)), 5_000);
    return code;
  }

  /** A tunnel of `name` to a port of this machine that downloads until it ends. */
  async download(name: string, port: number): Promise<void> {
    const socket = await connectAsTraefik(this.ports.http);
    socket.write(
      `CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic(name)}\r\n\r\n`,
    );
    const head = (await readHead(socket)).toString("latin1");
    if (!head.startsWith("HTTP/1.1 200")) throw new Error(`no tunnel: ${head.slice(0, 40)}`);
    socket.resume();
  }

  async close(): Promise<void> {
    await this.end("SIGKILL");
    if (!this.#isReplica) await this.panel.stop();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // Ended by itself.
  }
}

/** Below what the kernel gives to outgoing connections: one of those would hold it when a program starts again. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const server = createServer().listen(port, "127.0.0.1");
    const isFree = await once(server, "listening").then(
      () => true,
      () => false,
    );
    await new Promise((resolve) => server.close(resolve));
    if (isFree) return port;
  }
}

async function isListening(port: number, host: string): Promise<boolean> {
  const socket = connect(port, host);
  const isUp = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isUp;
}
