import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { ConnectionList } from "#lib/schemas/connection.ts";
import type { UserSecrets } from "#lib/schemas/user.ts";
import { startCurl, startXrayClient, type Transfer, type Tunnel } from "./clients.ts";
import { originChecksum } from "./origin.ts";
import { addUser, api, eventually, originUrl, through } from "./product.ts";

const LENGTH = 12_000_000;
/** 2 MB/s: who goes on is done after 6 s; who is to be cut has a download that ends in no other way. */
const slow = (length: number) => originUrl("https", `/slow/${length}?rate=2000000`);
const ENDLESS = 100_000_000;
const LIMITS_MS = { http: 500, socks: 500, vpn: 2_000, edge: 2_000 } as const;
type Way = keyof typeof LIMITS_MS;
const WAYS = Object.keys(LIMITS_MS) as Way[];

type Downloads = { transfers: Record<Way, Transfer>; tunnels: Tunnel[] };

/** One running download of this user on each way in, all from 127.0.0.1. */
async function startDownloads(user: UserSecrets, length = LENGTH): Promise<Downloads> {
  const [direct, edge] = await Promise.all(user.vlessLinks.map((link) => startXrayClient(link)));
  if (direct === undefined || edge === undefined) throw new Error("expected two links");
  const transfers = {
    http: startCurl([...through.http(user), slow(length)]),
    socks: startCurl([...through.socks(user), slow(length)]),
    vpn: startCurl([...through.vpn(direct.socksPort), slow(length)]),
    edge: startCurl([...through.vpn(edge.socksPort), slow(length)]),
  };
  const until = Date.now() + 30_000;
  while (WAYS.some((way) => transfers[way].bytes() < 200_000)) {
    if (Date.now() > until) {
      throw new Error(
        `downloads did not start: ${WAYS.map((way) => `${way}=${transfers[way].bytes()}`).join(" ")}`,
      );
    }
    await sleep(20);
  }
  return { transfers, tunnels: [direct, edge] };
}

const stopAll = (downloads: Downloads) => Promise.all(downloads.tunnels.map((tunnel) => tunnel.stop()));

/** Runs `act` while A and B download on every way in; A must be cut in time, B must get every byte. */
async function expectOnlyCut(a: UserSecrets, b: UserSecrets, act: () => Promise<number>): Promise<void> {
  const ofA = await startDownloads(a, ENDLESS);
  const ofB = await startDownloads(b);
  const answeredAt = await act();
  const isRunning = (way: Way) => ofB.transfers[way].bytes() < LENGTH;
  expect(
    WAYS.filter((way) => !isRunning(way)),
    "B was through before A was cut: nothing is shown",
  ).toEqual([]);
  const report: string[] = [];
  for (const way of WAYS) {
    const result = await ofA.transfers[way].done;
    report.push(`${way} ${result.endedAt - answeredAt} ms`);
    expect(result.bytes, `${way}: A must not get everything`).toBeLessThan(ENDLESS);
    expect(result.code, way).not.toBe(0);
    expect(result.lastByteAt - answeredAt, `${way}: ms from the API's answer to the last byte`).toBeLessThan(
      LIMITS_MS[way],
    );
    // That curl has ended is heard of later on a busy machine.
    expect(result.endedAt - answeredAt, `${way}: ms until it has ended`).toBeLessThan(LIMITS_MS[way] + 2_000);
  }
  for (const way of WAYS) {
    const result = await ofB.transfers[way].done;
    expect(result, `${way}: B goes on`).toMatchObject({
      code: 0,
      bytes: LENGTH,
      sha256: originChecksum(LENGTH),
    });
  }
  await Promise.all([stopAll(ofA), stopAll(ofB)]);
  console.info(`cut after the API's answer: ${report.join(", ")}`);
}

async function call(path: string, method: string, body?: unknown): Promise<number> {
  const response = await api(path, { method, ...(body === undefined ? {} : { body }) });
  const answeredAt = Date.now();
  expect(response.status, await response.text()).toBeLessThan(300);
  return answeredAt;
}

describe("switch-off ends this user's connections on every door and nobody else's", () => {
  it.each([
    ["disable", (a: UserSecrets) => call(`/users/${a.name}/disable`, "POST", {})],
    ["rotate", (a: UserSecrets) => call(`/users/${a.name}/rotate`, "POST", {})],
    ["delete", (a: UserSecrets) => call(`/users/${a.name}`, "DELETE")],
  ])("%s", async (_name, act) => {
    const [a, b] = await Promise.all([addUser(), addUser()]);
    await expectOnlyCut(a, b, () => act(a));
  });

  it("expiry, at the second", async () => {
    const [a, b] = await Promise.all([addUser(), addUser()]);
    await expectOnlyCut(a, b, async () => {
      const expiresAt = Math.ceil((Date.now() + 1_500) / 1_000) * 1_000;
      await call(`/users/${a.name}`, "PATCH", { expiresAt: new Date(expiresAt).toISOString() });
      await sleep(Math.max(0, expiresAt - Date.now()));
      return expiresAt;
    });
  });

  it.each(["http", "socks", "vpn"] as const)("quota on %s: over by at most 5 s of traffic", async (door) => {
    const limitBytes = 3_000_000;
    const user = await addUser("--limit", `${limitBytes}B`);
    const tunnel = door === "vpn" ? await startXrayClient(user.vlessLinks[0] ?? "") : null;
    const args =
      tunnel === null ? through[door === "vpn" ? "http" : door](user) : through.vpn(tunnel.socksPort);
    const transfer = startCurl([...args, originUrl("https", "/slow/30000000?rate=2000000")]);
    const result = await transfer.done;
    await tunnel?.stop();
    expect(result.code).not.toBe(0);
    expect(result.bytes).toBeGreaterThan(limitBytes * 0.9);
    expect(result.bytes).toBeLessThan(limitBytes + 5 * 2_000_000);
    console.info(`${door}: quota of ${limitBytes} overshot by ${result.bytes - limitBytes} bytes at 2 MB/s`);
    await expect
      .poll(async () => ((await (await api(`/users/${user.name}`)).json()) as { status: string }).status, {
        timeout: 30_000,
      })
      .toBe("limited");
  });
});

describe("one VPN connection of a user", () => {
  it("is in the live list, and is ended alone: the same user's other one goes on", async () => {
    const user = await addUser();
    const downloads = await startDownloads(user, 2 * LENGTH);
    const list = async () => {
      const answer = await api(`/users/${user.name}/connections`);
      return ((await answer.json()) as ConnectionList).items.filter(({ door }) => door === "vpn");
    };
    await eventually("both VPN clients to be listed", async () => (await list()).length === 2);
    const [one] = await list();
    expect(one).toMatchObject({
      userName: user.name,
      ip: expect.stringMatching(/^[\d.]+$/),
      upBytes: null,
      target: null,
    });
    expect((await api(`/connections/${one?.id}`, { method: "DELETE" })).status).toBe(204);
    const results = await Promise.all([downloads.transfers.vpn.done, downloads.transfers.edge.done]);
    expect(results.filter(({ bytes }) => bytes === 2 * LENGTH)).toHaveLength(1);
    expect(results.filter(({ code }) => code !== 0)).toHaveLength(1);
    expect((await api(`/connections/${one?.id}`, { method: "DELETE" })).status).toBe(404);
    expect((await downloads.transfers.http.done).bytes).toBe(2 * LENGTH);
    await downloads.transfers.socks.done;
    await stopAll(downloads);
  });
});
