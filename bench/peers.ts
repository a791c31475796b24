import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Peer = {
  name: string;
  kind: "connect" | "socks";
  port: number;
  /** The load generator's flags. */
  login: string[];
  stop(): void;
};

const find = (paths: string[]): string | undefined => paths.find((path) => existsSync(path));

function waitForListener(port: number): void {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    try {
      execFileSync("bash", ["-c", `exec 3<>/dev/tcp/127.0.0.1/${port}`], { stdio: "ignore" });
      return;
    } catch {
      execFileSync("sleep", ["0.1"]);
    }
  }
  throw new Error(`nothing listens on 127.0.0.1:${port}`);
}

const LOGIN = ["-user", "bench", "-pass", "bench"];

function asPeer(name: string, port: number, child: ChildProcess, kind: Peer["kind"] = "connect"): Peer {
  waitForListener(port);
  return { name, kind, port, login: LOGIN, stop: () => void child.kill("SIGTERM") };
}

/** All that are installed: `apt-get install tinyproxy squid dante-server microsocks wrk`. */
export const startPeers = (work: string): Peer[] =>
  [startTinyproxy(work), startSquid(work), startMicrosocks(), startDanted(work)].filter(
    (peer) => peer !== null,
  );

function startMicrosocks(): Peer | null {
  const binary = find(["/usr/bin/microsocks"]);
  if (binary === undefined) {
    console.warn("microsocks skipped: not installed (apt-get install microsocks)");
    return null;
  }
  const port = 18_892;
  const args = ["-i", "127.0.0.1", "-p", String(port), "-u", "bench", "-P", "bench"];
  return asPeer("microsocks", port, spawn(binary, args, { stdio: "ignore" }), "socks");
}

/** Danted knows the system's users only. One is made for the run, with a quick hash: yescrypt would be measured. */
function startDanted(work: string): Peer | null {
  const binary = find(["/usr/sbin/danted"]);
  if (binary === undefined || process.getuid?.() !== 0) {
    console.warn("danted skipped: not installed (apt-get install dante-server), or not root");
    return null;
  }
  const user = "causeway-bench";
  const makeUser = `id ${user} >/dev/null 2>&1 || useradd -M -s /usr/sbin/nologin ${user}`;
  execFileSync("bash", ["-c", `${makeUser}; echo ${user}:bench | chpasswd -c MD5`]);
  const port = 18_891;
  const config = join(work, "danted.conf");
  writeFileSync(
    config,
    [
      `logoutput: ${join(work, "danted.log")}`,
      `internal: 127.0.0.1 port = ${port}`,
      "external: lo",
      "socksmethod: username",
      "user.privileged: root",
      "user.unprivileged: nobody",
      "client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }",
      "socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }",
      "",
    ].join("\n"),
  );
  const child = spawn(binary, ["-f", config, "-N", "2"], { stdio: "ignore" });
  const peer = asPeer("danted", port, child, "socks");
  const stop = () => {
    peer.stop();
    execFileSync("bash", ["-c", `sleep 1; userdel ${user} || true`], { stdio: "ignore" });
  };
  return { ...peer, login: ["-user", user, "-pass", "bench"], stop };
}

/** null (and a line that says so) when the program is not installed: `apt-get install tinyproxy squid wrk`. */
function startTinyproxy(work: string): Peer | null {
  const binary = find(["/usr/bin/tinyproxy", "/usr/sbin/tinyproxy"]);
  if (binary === undefined) {
    console.warn("tinyproxy skipped: not installed (apt-get install tinyproxy)");
    return null;
  }
  const port = 18_889;
  const config = join(work, "tinyproxy.conf");
  writeFileSync(
    config,
    `Port ${port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 500\nBasicAuth bench bench\nLogLevel Critical\nPidFile "${join(work, "tinyproxy.pid")}"\n`,
  );
  return asPeer("tinyproxy", port, spawn(binary, ["-d", "-c", config], { stdio: "ignore" }));
}

function startSquid(work: string): Peer | null {
  const helper = find(["/usr/lib/squid/basic_ncsa_auth"]);
  if (!existsSync("/usr/sbin/squid") || helper === undefined) {
    console.warn("squid skipped: not installed (apt-get install squid)");
    return null;
  }
  const port = 18_890;
  const folder = join(work, "squid");
  mkdirSync(folder);
  chmodSync(work, 0o755);
  chmodSync(folder, 0o777);
  const hash = execFileSync("openssl", ["passwd", "-apr1", "bench"], { encoding: "utf8" }).trim();
  writeFileSync(join(folder, "users"), `bench:${hash}\n`);
  writeFileSync(
    join(folder, "squid.conf"),
    [
      `http_port 127.0.0.1:${port}`,
      `auth_param basic program ${helper} ${join(folder, "users")}`,
      "auth_param basic children 5 startup=2",
      "acl known proxy_auth REQUIRED",
      "http_access allow known",
      "http_access deny all",
      "cache deny all",
      "cache_mem 8 MB",
      "access_log none",
      `cache_log ${join(folder, "cache.log")}`,
      `pid_filename ${join(folder, "squid.pid")}`,
      `coredump_dir ${folder}`,
      "shutdown_lifetime 0 seconds",
      "",
    ].join("\n"),
  );
  return asPeer(
    "squid",
    port,
    spawn("/usr/sbin/squid", ["-N", "-f", join(folder, "squid.conf")], { stdio: "ignore" }),
  );
}
