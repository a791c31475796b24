import { execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import type { Usage } from "#lib/schemas/usage.ts";
import type { UserSecrets } from "#lib/schemas/user.ts";
import { curl, startXrayClient } from "./clients.ts";
import { randomName } from "./origin.ts";
import { eventually, originCounts, originIdle, originUrl, resetOrigin } from "./product.ts";

type Run = { code: number | null; stdout: string; stderr: string };

function run(command: string, args: string[], env: Record<string, string | undefined>): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env: { ...process.env, ...env } });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** The part of `vpn status --json` that this test reads; its exit code says whether all is well, not whether it was read. */
type StatusJson = { programs: { name: string; isUp: boolean; detail: string | null }[]; problems: unknown[] };

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn("full disk: skipped, because mounting a small tmpfs needs root");

describe.runIf(isRoot)("a full disk under .data", () => {
  const mount = mkdtempSync(join(tmpdir(), "causeway-small-"));
  const env = { CAUSEWAY_DATA_DIR: join(mount, "data"), ALLOWED_PRIVATE_TARGETS: "" };
  const filler = join(mount, "filler");
  const bootstrap = (...args: string[]) => run(process.execPath, ["stack/bootstrap.mjs", ...args], env);
  const vpn = async <T>(...args: string[]): Promise<T> => {
    const result = await run("./vpn", [...args, "--json"], env);
    if (result.code !== 0) throw new Error(`vpn ${args.join(" ")}: ${result.code} ${result.stderr}`);
    return JSON.parse(result.stdout) as T;
  };

  const readStatus = async () => {
    const { code, stdout, stderr } = await run("./vpn", ["status", "--json"], env);
    if (stdout === "") throw new Error(`vpn status said nothing: ${code} ${stderr}`);
    return JSON.parse(stdout) as StatusJson;
  };

  beforeAll(async () => {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=320m", "tmpfs", mount]);
    const { httpPort, httpsPort } = inject("stack");
    env.ALLOWED_PRIVATE_TARGETS = `127.0.0.1/32:${httpPort},127.0.0.1/32:${httpsPort}`;
    const up = await bootstrap("up", "--detach", "--json", "--host", "127.0.0.1");
    expect(up.code, up.stderr).toBe(0);
  }, 240_000);

  afterAll(async () => {
    rmSync(filler, { force: true });
    await bootstrap("down");
    execFileSync("umount", ["-l", mount]);
    rmSync(mount, { recursive: true, force: true });
  }, 120_000);

  it("keeps known users connected, says what is wrong, and loses no byte when there is room again", async () => {
    const name = randomName("full");
    onTestFinished(() => rmSync(filler, { force: true }));
    const user = await vpn<UserSecrets>("user", "add", name);
    const ca = ["--cacert", inject("stack").originCa];
    const tunnel = await startXrayClient(user.vlessLinks[0] ?? "");
    await resetOrigin();
    fill(filler);
    for (const args of [
      ["-x", user.proxy.httpUrl, ...ca, originUrl("https", "/bytes/400000")],
      ["-x", user.proxy.socksUrl, ...ca, originUrl("https", "/bytes/300000")],
      ["-x", `socks5h://127.0.0.1:${tunnel.socksPort}`, originUrl("http", "/bytes/200000")],
    ]) {
      expect((await curl(args)).code, "known users go on").toBe(0);
    }
    const refused = await run("./vpn", ["user", "add", randomName("no-room")], env);
    if (refused.code !== 0) {
      expect(refused.stderr.trim().split("\n")).toHaveLength(1);
      expect(refused.stderr).not.toMatch(/at .*\.ts:\d+/);
    }
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    rmSync(filler);
    await tunnel.stop();
    await originIdle();
    const { http, https } = await originCounts();
    const sum = (door: { upBytes: number; downBytes: number }) => door.upBytes + door.downBytes;
    await eventually(
      "all bytes counted once there is room",
      async () => {
        const { doors } = await vpn<Usage>("usage", "--user", name);
        return (
          sum(doors.http) + sum(doors.socks) === https.receivedBytes + https.sentBytes &&
          sum(doors.vpn) === http.receivedBytes + http.sentBytes
        );
      },
      90_000,
    );
    await eventually(
      "every program up",
      async () => {
        const { programs, problems } = await readStatus();
        const down = programs.filter(({ isUp }) => !isUp);
        if (down.length > 0) throw new Error(JSON.stringify({ down, problems }));
        return programs.length > 0;
      },
      90_000,
    );
    expect((await run("./vpn", ["user", "show", name, "--json"], env)).code).toBe(0);
  }, 300_000);
});

/** Writes until there is no room left. */
function fill(path: string): void {
  const file = openSync(path, "w");
  const block = Buffer.alloc(256 * 1024, 1);
  try {
    for (let size = block.length; size >= 512; ) {
      try {
        if (writeSync(file, block, 0, size) < size) size = Math.floor(size / 2);
      } catch {
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(file);
  }
}

describe("a tool that cannot be had", () => {
  it("is a message that names what to install, and leaves nothing running", async () => {
    const dir = mkdtempSync(join(tmpdir(), "causeway-bare-"));
    const bin = join(dir, "bin");
    mkdirSync(bin);
    for (const name of ["sh", "env", "ls"])
      symlinkSync(execFileSync("which", [name], { encoding: "utf8" }).trim(), join(bin, name));
    symlinkSync(process.execPath, join(bin, "node"));
    const result = await run(
      process.execPath,
      ["stack/bootstrap.mjs", "up", "--detach", "--json", "--host", "127.0.0.1"],
      {
        PATH: bin,
        CAUSEWAY_DATA_DIR: join(dir, "data"),
        CAUSEWAY_CACHE_DIR: join(dir, "cache"),
      },
    );
    expect(result.code).not.toBe(0);
    expect(result.stdout).toBe("");
    expect(result.stderr).toMatch(/install/i);
    expect(result.stderr).not.toMatch(/^\s+at /m);
    expect(() => readFileSync(join(dir, "data", "stack.json"))).toThrow();
    rmSync(dir, { recursive: true, force: true });
  });
});
