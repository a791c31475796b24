import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { AddedNode } from "#lib/schemas/node.ts";
import type { NodeInfo } from "#lib/schemas/status.ts";
import type { UserSecrets } from "#lib/schemas/user.ts";
import { curl, freePort, startCurl, startXrayClient } from "./clients.ts";
import { addUser, eventually, originUrl, stackFile, through, usageOf, vpn, vpnJson } from "./product.ts";

const NAME = "second";
const dirs: string[] = [];
const newDataDir = () => {
  const dir = mkdtempSync(join(tmpdir(), "causeway-node-"));
  dirs.push(dir);
  return dir;
};
type Ended = { code: number; stdout: string; stderr: string };

/** The launcher as on another machine: a data directory of its own, nothing of the installation's. */
function launch(dataDir: string, ...args: string[]): Promise<Ended> {
  const { httpPort, httpsPort } = inject("stack");
  const env = {
    ...process.env,
    CAUSEWAY_DATA_DIR: dataDir,
    ALLOWED_PRIVATE_TARGETS: `127.0.0.1/32:${httpPort},127.0.0.1/32:${httpsPort}`,
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["stack/bootstrap.mjs", ...args],
      { env, timeout: 100_000 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}
const linkThrough = (user: UserSecrets, port: number) =>
  user.vlessLinks.find((link) => link.includes(`@127.0.0.1:${port}?`)) ?? "";

describe("a second node on this machine", () => {
  let added: AddedNode;
  let port: number;
  let agentPort: number;
  let dataDir: string;
  let user: UserSecrets;

  beforeAll(async () => {
    [port, agentPort] = [await freePort(), await freePort()];
    dataDir = newDataDir();
    user = await addUser();
  });
  afterAll(async () => {
    for (const dir of dirs) {
      await launch(dir, "down");
      rmSync(dir, { recursive: true, force: true });
    }
  }, 60_000);

  it("is announced with a token, and sends nobody there before it has joined", async () => {
    const ports = ["--port", String(port), "--agent-port", String(agentPort)];
    added = await vpnJson<AddedNode>("node", "add", NAME, "--address", "127.0.0.1", ...ports);
    expect(added.invite.token).toMatch(/^cwn_/);
    expect(linkThrough(await vpnJson("user", "links", user.name), port)).toBe("");
    // Files before this one stop programs: their alerts take a moment to clear.
    await eventually(
      "no more than a warning for a node that has not joined",
      async () => {
        const { stdout } = await vpn("status", "--json");
        const { problems } = JSON.parse(stdout) as { problems: { severity: string; what: string }[] };
        expect(problems.some(({ what }) => what.includes(NAME))).toBe(true);
        return problems.every(({ severity }) => severity === "warning");
      },
      30_000,
    );
  });

  it("joins by the one line, and a VPN client goes through it", async () => {
    const joined = await launch(dataDir, "join", added.invite.token, "--json");
    expect(joined.stderr).not.toContain(added.invite.token);
    expect(joined, joined.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(joined.stdout)).toMatchObject({ name: NAME, port, agentPort });
    expect(statSync(join(dataDir, "node", "agent.key")).mode & 0o777).toBe(0o600);

    await eventually("the node to be up", async () => {
      const node = await vpnJson<NodeInfo>("node", "show", NAME);
      return node.isUp && node.isXrayUp && node.enrolment?.isPending === false;
    });
    user = await vpnJson<UserSecrets>("user", "links", user.name);
    const client = await startXrayClient(linkThrough(user, port));
    const page = await curl([...through.vpn(client.socksPort), originUrl("https", "/bytes/300000")]);
    expect(page).toMatchObject({ code: 0, status: 200, bytes: 300_000 });
    await client.stop();
    await eventually(
      "its bytes to be counted",
      async () => (await usageOf(user.name)).doors.vpn.downBytes >= 300_000,
    );
  });

  it("follows changes like any other: who is switched off is cut there", async () => {
    const other = await addUser();
    const client = await startXrayClient(linkThrough(other, port));
    const download = startCurl([
      ...through.vpn(client.socksPort),
      originUrl("http", "/slow/50000000?rate=200000"),
    ]);
    await eventually("the download to begin", () => download.bytes() > 0);
    await vpnJson("user", "disable", other.name);
    await download.done;
    await client.stop();
  });

  it("has used up its token: nobody else becomes this node", async () => {
    const thief = await launch(newDataDir(), "join", added.invite.token);
    expect(thief).toMatchObject({ code: 1, stdout: "" });
    expect(thief.stderr).toContain("used already");
  });

  it("holds a certificate that commands no agent", async () => {
    const identity = (name: string) => readFileSync(join(dataDir, "node", name), "utf8");
    const asked = new Promise<number>((resolve, reject) => {
      const call = httpsRequest(
        {
          host: "127.0.0.1",
          port: stackFile().ports.agent,
          path: "/v1/state",
          ca: identity("node-ca.crt"),
          cert: identity("agent.crt"),
          key: identity("agent.key"),
        },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      call.on("error", reject);
      call.end();
    });
    await expect(asked.catch(() => 403)).resolves.toBe(403);
  });

  it("starts again where it was, without a token", async () => {
    await launch(dataDir, "down");
    await eventually(
      "the node to be missed",
      async () => !(await vpnJson<NodeInfo>("node", "show", NAME)).isUp,
      20_000,
    );
    expect((await vpn("status")).code).toBe(3);
    const again = await launch(dataDir, "join", "--json");
    expect(again, again.stderr).toMatchObject({ code: 0 });
    const client = await startXrayClient(linkThrough(user, port));
    expect((await curl([...through.vpn(client.socksPort), originUrl("http", "/bytes/1000")])).bytes).toBe(
      1_000,
    );
    await client.stop();
  });

  it("is taken out by one command: its clients are cut, its links and its Xray are gone", async () => {
    const client = await startXrayClient(linkThrough(user, port));
    const download = startCurl([
      ...through.vpn(client.socksPort),
      originUrl("http", "/slow/50000000?rate=200000"),
    ]);
    await eventually("the download to begin", () => download.bytes() > 0);
    expect((await vpn("node", "remove", NAME)).code).toBe(2);
    await vpnJson("node", "remove", NAME, "--yes");
    await download.done;
    await client.stop();
    expect(linkThrough(await vpnJson("user", "links", user.name), port)).toBe("");
    expect((await vpnJson<{ items: NodeInfo[] }>("node", "list")).items.map(({ name }) => name)).toEqual([
      "local",
    ]);
    await eventually("Xray to end", () => {
      const { pids } = JSON.parse(readFileSync(join(dataDir, "stack.json"), "utf8")) as {
        pids: Record<string, number>;
      };
      return pids.xray === undefined || !existsSync(`/proc/${pids.xray}`);
    });
  });
});
