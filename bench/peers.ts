import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type Peer = { name: string; port: number; stop(): void };

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

function asPeer(name: string, port: number, child: ChildProcess): Peer {
  waitForListener(port);
  return { name, port, stop: () => void child.kill("SIGTERM") };
}

/** null (and a line that says so) when the program is not installed: `apt-get install tinyproxy squid wrk`. */
export function startTinyproxy(work: string): Peer | null {
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

export function startSquid(work: string): Peer | null {
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
