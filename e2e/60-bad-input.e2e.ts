import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { curl } from "./clients.ts";
import { addUser, api, cliToken, eventually, originUrl, request, stackFile, through } from "./product.ts";

function run(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["stack/bootstrap.mjs", ...args], {
      env: { ...process.env, ...env },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** Sends bytes to a port and answers what came back until the other side closes. */
function exchange(
  port: number,
  bytes: Buffer,
  waitMs = 30_000,
): Promise<{ received: Buffer; closedAfter: number | null }> {
  return new Promise((resolve) => {
    const started = Date.now();
    const chunks: Buffer[] = [];
    const socket: Socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    const timer = setTimeout(() => {
      socket.destroy();
      resolve({ received: Buffer.concat(chunks), closedAfter: null });
    }, waitMs);
    socket.on("data", (chunk) => chunks.push(chunk));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve({ received: Buffer.concat(chunks), closedAfter: Date.now() - started });
    });
  });
}

/** A zombie that init has yet to reap does not run. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3) !== "Z";
  } catch {
    return false;
  }
}

const stillServes = async () => {
  const user = await addUser();
  expect(await curl([...through.http(user), originUrl("https", "/bytes/9")])).toMatchObject({
    code: 0,
    bytes: 9,
  });
  expect(await curl([...through.socks(user), originUrl("https", "/bytes/9")])).toMatchObject({
    code: 0,
    bytes: 9,
  });
};

describe("bad input", () => {
  it("an unknown flag of up is one line that names it", async () => {
    const result = await run(["up", "--nonsense"]);
    expect(result.code).not.toBe(0);
    expect(result.stderr).toContain("--nonsense");
    expect(result.stderr.trim().split("\n").length).toBeLessThanOrEqual(2);
    expect(result.stdout).toBe("");
  });

  it("a broken or missing PROXY header on the proxies' own listeners is a clean close", async () => {
    const { ports } = stackFile();
    for (const port of [ports["http-proxy-listener"], ports["socks-proxy-listener"]]) {
      if (port === undefined) throw new Error("stack.json names no proxy listener ports");
      for (const bytes of [
        Buffer.from("GET http://example.org/ HTTP/1.1\r\nHost: example.org\r\n\r\n"),
        Buffer.from("\r\n\r\n\0\r\nQUIT\n\x31\x11\x00\x0c"),
        Buffer.from("\r\n\r\n\0\r\nQUIT\n\x21\x11\xff\xff", "latin1"),
        Buffer.alloc(4096, 0),
      ]) {
        const { received, closedAfter } = await exchange(port, bytes);
        expect(received).toHaveLength(0);
        expect(closedAfter).not.toBeNull();
      }
    }
    await stillServes();
  });

  it("a PROXY header from outside changes nothing: Traefik's public port takes it for a bad request", async () => {
    const [, port] = stackFile().httpProxy.split(":");
    const forged = Buffer.concat([
      Buffer.from("0d0a0d0a000d0a515549540a2111000c09090909010101010001", "hex"),
      Buffer.from("0050", "hex"),
      Buffer.from("GET http://127.0.0.1/ HTTP/1.1\r\nHost: x\r\n\r\n"),
    ]);
    const { received } = await exchange(Number(port), forged);
    expect(received.toString("latin1")).not.toMatch(/HTTP\/1.1 200/);
    await stillServes();
  });

  it("half a SOCKS greeting ends within the handshake time-out", async () => {
    const [, port] = stackFile().socksProxy.split(":");
    const { received, closedAfter } = await exchange(Number(port), Buffer.from([5, 3, 0]), 45_000);
    expect(received).toHaveLength(0);
    expect(closedAfter).not.toBeNull();
  });

  it("wrong JSON, a wrong type, and 10 MB at API writes are problem+json and change nothing", async () => {
    const { apiUrl } = stackFile();
    const headers = { authorization: `Bearer ${cliToken()}`, "content-type": "application/json" };
    const user = await addUser();
    for (const [method, path] of [
      ["POST", "/users"],
      ["PATCH", `/users/${user.name}`],
      ["POST", `/users/${user.name}/rotate`],
    ] as const) {
      for (const body of ["{", '{"limitBytes":"lots","name":7,"only":"door"}', "[]"]) {
        const response = await request(`${apiUrl}${path}`, { method, headers, body });
        expect(response.status, `${method} ${path} ${body}`).toBe(400);
        expect(response.headers.get("content-type")).toContain("application/problem+json");
        expect(await response.json()).toMatchObject({ status: 400, requestId: expect.any(String) });
      }
    }
    // The answer may come before all is sent: then the cut can be faster than the answer, and nobody reads it.
    let status: number | undefined;
    await eventually("an answer to 10 MB", async () => {
      const body = `{"name":"${"x".repeat(10_000_000)}"}`;
      ({ status } = await request(`${apiUrl}/users`, { method: "POST", headers, body }));
      return true;
    });
    expect(status).toBe(413);
    expect(await (await api(`/users/${user.name}`)).json()).toMatchObject({
      status: "active",
      limitBytes: null,
    });
  });

  it("random bytes at every public port close cleanly and the product goes on", async () => {
    const { ports, httpProxy, socksProxy, vpnAddress } = stackFile();
    const publicPorts = [httpProxy, socksProxy, vpnAddress].map((address) =>
      Number(address.split(":").at(-1)),
    );
    for (const port of [...publicPorts, ports["forward-auth"] ?? 9001]) {
      const noise = Buffer.from(Array.from({ length: 2048 }, (_, index) => (index * 167 + port) % 256));
      await exchange(port, noise, 3_000);
    }
    await stillServes();
  });

  it("a taken port is replaced by a free one and said so; down leaves nothing", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "causeway-second-"));
    // Somebody else there already is as good.
    const blocker = createServer().on("error", () => {});
    blocker.listen(19091, "127.0.0.1");
    await sleep(100);
    const env = { CAUSEWAY_DATA_DIR: join(dataDir, "data") };
    onTestFinished(async () => {
      await run(["down"], env);
      blocker.close();
      rmSync(dataDir, { recursive: true, force: true });
    }, 60_000);
    const up = await run(["up", "--detach", "--json", "--host", "127.0.0.1"], env);
    expect(up.code, up.stderr).toBe(0);
    expect(up.stdout.trim().split("\n")).toHaveLength(1);
    expect(up.stderr).toMatch(/port \d+ is taken/i);
    const stack = JSON.parse(readFileSync(join(env.CAUSEWAY_DATA_DIR, "stack.json"), "utf8")) as {
      pids: Record<string, number>;
    };
    const started = Date.now();
    const again = await run(["up", "--detach", "--json", "--host", "127.0.0.1"], env);
    expect(again.code, again.stderr).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ owner: { password: null } });
    console.info(`up when up: ${Date.now() - started} ms`);
    const vpnHere = (...args: string[]) =>
      promisify(execFile)("./vpn", args, { env: { ...process.env, ...env } });
    const reset = JSON.parse((await vpnHere("owner", "reset", "--json")).stdout) as {
      name: string;
      password: string;
    };
    expect(reset.name).toBe("owner");
    expect(reset.password).not.toBe(
      (JSON.parse(up.stdout) as { owner: { password: string } }).owner.password,
    );
    await vpnHere("user", "delete", "demo", "--yes");
    expect((await run(["down"], env)).code).toBe(0);
    for (const [program, pid] of Object.entries(stack.pids)) {
      expect(isRunning(pid), `${program} runs still`).toBe(false);
    }
    const warm = Date.now();
    const second = await run(["up", "--detach", "--json", "--host", "127.0.0.1"], env);
    expect(second.code, second.stderr).toBe(0);
    expect(JSON.parse(second.stdout), "a deleted example user stays deleted").toMatchObject({ user: null });
    console.info(`second run ready after ${Date.now() - warm} ms`);
    expect((await run(["down"], env)).code).toBe(0);
  }, 300_000);

  it("the first stack never noticed", async () => {
    expect(inject("stack").ready.panelUrl).toMatch(/^https:/);
    await stillServes();
  });
});
