import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { basic, connectAsTraefik, eventually, readHead } from "./testing/bench.ts";
import { type Origin, startOrigin, stream } from "./testing/origins.ts";
import { PanelStand, PROGRAM_TOKEN } from "./testing/panel-stand.ts";

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const isUp = await once(socket, "connect").then(
    () => true,
    () => false,
  );
  socket.destroy();
  return isUp;
}

describe("the program", () => {
  it("killed with -9 during traffic loses under a second of it and counts nothing twice", async () => {
    const directory = await mkdtemp(join(tmpdir(), "doors-kill-"));
    await writeFile(join(directory, "token"), PROGRAM_TOKEN);
    await writeFile(join(directory, "redis"), "redis://127.0.0.1:1");
    const panel = new PanelStand();
    const ada = panel.addUser("ada");
    await panel.start();
    const [forwardAuth, http, socks] = [await freePort(), await freePort(), await freePort()];
    const env = {
      FORWARD_AUTH_PORT: String(forwardAuth),
      HTTP_PROXY_LISTEN_PORT: String(http),
      SOCKS_PROXY_LISTEN_PORT: String(socks),
      PANEL_URL: "https://panel.test",
      WEB_INTERNAL_URL: `http://127.0.0.1:${panel.port}`,
      INTERNAL_TOKEN_FILE: join(directory, "token"),
      REDIS_URL_FILE: join(directory, "redis"),
      TRUSTED_PROXIES: "127.0.0.1",
      ALLOWED_PRIVATE_TARGETS: "127.0.0.0/8",
      STATE_DIR: join(directory, "state"),
    };
    const start = async (): Promise<ChildProcess> => {
      const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
        env: { ...process.env, ...env },
        stdio: "ignore",
      });
      await eventually(() => isListening(socks), 15_000);
      return child;
    };
    const origin: Origin = await startOrigin(stream);
    const download = async () => {
      const socket = await connectAsTraefik(http);
      socket.write(
        `CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: x\r\nProxy-Authorization: ${basic("ada")}\r\n\r\n`,
      );
      expect((await readHead(socket)).toString("latin1")).toMatch(/^HTTP\/1.1 200/);
      socket.resume();
    };

    let child = await start();
    await download();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const before = origin.sent();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const lastSecond = origin.sent() - before;
    child.kill("SIGKILL");
    await once(child, "exit");
    const sent = origin.sent();

    child = await start();
    await eventually(() => panel.usageOf(ada.id, "http").down >= sent - lastSecond, 5_000);
    expect(panel.usageOf(ada.id, "http").down).toBeLessThanOrEqual(sent);

    await download();
    await new Promise((resolve) => setTimeout(resolve, 700));
    const started = Date.now();
    child.kill("SIGTERM");
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
    expect(Date.now() - started).toBeLessThan(2_200);
    const boots = new Set(panel.batches.map(({ boot }) => boot));
    expect(boots.size).toBe(1);
    expect(panel.batches.map(({ seq }) => seq)).toEqual(panel.batches.map((_batch, i) => i + 1));

    await origin.close();
    await panel.stop();
    await rm(directory, { recursive: true, force: true });
  }, 40_000);
});
