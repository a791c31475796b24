import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { AddedNode } from "#lib/schemas/node.ts";
import type { NodeInfo } from "#lib/schemas/status.ts";
import type { UserSecrets } from "#lib/schemas/user.ts";
import { curl, freePort, startCurl, startXrayClient, type Transfer } from "./clients.ts";
import { randomName } from "./origin.ts";
import { addUser, eventually, originUrl, stackFile, through, usageOf, vpn, vpnJson } from "./product.ts";

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
      { env, timeout: 180_000 },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
    );
  });
}
/** Not by the end of its own time (curl's 28): it would run for minutes. */
async function expectCut(download: Transfer): Promise<void> {
  const { code } = await download.done;
  expect([0, 28]).not.toContain(code);
}
const linkThrough = (user: UserSecrets, port: number) =>
  user.vlessLinks.find((link) => link.includes(`@127.0.0.1:${port}?`)) ?? "";

/** What an attempt leaves half-way is gone before the next one: each announces a node of its own. */
async function announce() {
  for (const dir of dirs) await launch(dir, "down");
  const { items } = await vpnJson<{ items: NodeInfo[] }>("node", "list");
  for (const { name } of items) if (name !== "local") await vpnJson("node", "remove", name, "--yes");
  const [name, port, agentPort] = [randomName("second"), await freePort(), await freePort()];
  const ports = ["--port", String(port), "--agent-port", String(agentPort)];
  const added = await vpnJson<AddedNode>("node", "add", name, "--address", "127.0.0.1", ...ports);
  return { name, port, agentPort, token: added.invite.token, dataDir: newDataDir() };
}
type Second = Awaited<ReturnType<typeof announce>>;

const isUp = async (name: string) => {
  const node = await vpnJson<NodeInfo>("node", "show", name);
  return node.isUp && node.isXrayUp && node.enrolment?.isPending === false;
};

async function joinBy(second: Second): Promise<void> {
  const joined = await launch(second.dataDir, "join", second.token, "--json");
  expect(joined.stderr).not.toContain(second.token);
  expect(joined, joined.stderr).toMatchObject({ code: 0 });
  const { name, port, agentPort, dataDir } = second;
  expect(JSON.parse(joined.stdout)).toMatchObject({ name, port, agentPort });
  expect(statSync(join(dataDir, "node", "agent.key")).mode & 0o777).toBe(0o600);
  await eventually("the node to be up", () => isUp(name), 90_000);
}

describe("a second node on this machine", { timeout: 300_000 }, () => {
  let second: Second | null = null;
  let isTokenTried = false;
  let user: UserSecrets;
  /** The node that a test before this one has made, or a new one where that did not get so far. */
  async function joined(): Promise<Second> {
    const { items } = await vpnJson<{ items: NodeInfo[] }>("node", "list");
    const mine = items.find(({ name }) => name === second?.name);
    if (second !== null && mine?.isUp) return second;
    if (second === null || mine === undefined || isTokenTried) second = await announce();
    isTokenTried = true;
    await joinBy(second);
    return second;
  }

  beforeAll(async () => {
    user = await addUser();
  });
  afterAll(async () => {
    for (const dir of dirs) {
      await launch(dir, "down");
      rmSync(dir, { recursive: true, force: true });
    }
  }, 120_000);

  it("is announced with a token, and sends nobody there before it has joined", async () => {
    second = await announce();
    const { name, port, token } = second;
    expect(token).toMatch(/^cwn_/);
    expect(linkThrough(await vpnJson("user", "links", user.name), port)).toBe("");
    // Files before this one stop programs: their alerts take a moment to clear.
    await eventually(
      "no more than a warning for a node that has not joined",
      async () => {
        const { stdout } = await vpn("status", "--json");
        const { problems } = JSON.parse(stdout) as { problems: { severity: string; what: string }[] };
        expect(problems.some(({ what }) => what.includes(name))).toBe(true);
        const others = problems.filter(({ severity }) => severity !== "warning");
        if (others.length > 0) throw new Error(JSON.stringify(others));
        return true;
      },
      120_000,
    );
  });

  it("joins by the one line, and a VPN client goes through it", async () => {
    const { port } = await joined();
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
    const { port } = await joined();
    const other = await addUser();
    const client = await startXrayClient(linkThrough(other, port));
    const download = startCurl([
      ...through.vpn(client.socksPort),
      originUrl("http", "/slow/50000000?rate=200000"),
    ]);
    await eventually("the download to begin", () => download.bytes() > 0);
    await vpnJson("user", "disable", other.name);
    await expectCut(download);
    await client.stop();
  });

  it("has used up its token: nobody else becomes this node", async () => {
    const { token } = await joined();
    const thief = await launch(newDataDir(), "join", token);
    expect(thief).toMatchObject({ code: 1, stdout: "" });
    expect(thief.stderr).toContain("used already");
  });

  it("holds a certificate that commands no agent", async () => {
    const { dataDir } = await joined();
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
    const { dataDir, name, port } = await joined();
    user = await vpnJson<UserSecrets>("user", "links", user.name);
    await launch(dataDir, "down");
    await eventually(
      "the node to be missed",
      async () => !(await vpnJson<NodeInfo>("node", "show", name)).isUp,
      60_000,
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
    const { dataDir, name, port } = await joined();
    user = await vpnJson<UserSecrets>("user", "links", user.name);
    const client = await startXrayClient(linkThrough(user, port));
    const download = startCurl([
      ...through.vpn(client.socksPort),
      originUrl("http", "/slow/50000000?rate=200000"),
    ]);
    await eventually("the download to begin", () => download.bytes() > 0);
    expect((await vpn("node", "remove", name)).code).toBe(2);
    await vpnJson("node", "remove", name, "--yes");
    await expectCut(download);
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
