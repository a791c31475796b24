import { describe, expect, it } from "vitest";
import { curl, startXrayClient } from "./clients.ts";
import {
  addUser,
  eventually,
  originIdle,
  originTotals,
  originUrl,
  resetOrigin,
  through,
  usageOf,
} from "./product.ts";
import { xrayCounters } from "./xray-counters.ts";

const upload = ["--data-binary", "@/usr/bin/curl"];

/** Usage is reported within seconds: waits for it, and shows the difference when it does not come. */
async function expectUsage(
  name: string,
  door: "http" | "socks" | "vpn",
  expected: { upBytes: number; downBytes: number },
) {
  await eventually(
    `${door} usage`,
    async () => {
      const found = (await usageOf(name)).doors[door];
      return found.upBytes === expected.upBytes && found.downBytes === expected.downBytes;
    },
    30_000,
  ).catch(() => undefined);
  expect((await usageOf(name)).doors[door]).toEqual(expected);
}

describe("accounting", () => {
  it("counts the proxies exactly as the origin's own sockets do", async () => {
    const user = await addUser();
    await resetOrigin();
    for (const args of [
      [...through.http(user), originUrl("http", "/bytes/1234567")],
      [...through.http(user), ...upload, originUrl("http", "/upload")],
      [...through.http(user), originUrl("https", "/bytes/765432")],
      [...through.http(user), originUrl("http", "/bytes/1"), originUrl("http", "/bytes/2")],
    ]) {
      expect((await curl(args)).code).toBe(0);
    }
    await originIdle();
    await expectUsage(user.name, "http", await originTotals());

    await resetOrigin();
    expect((await curl([...through.socks(user), ...upload, originUrl("https", "/upload")])).code).toBe(0);
    expect((await curl([...through.socks(user), originUrl("http", "/bytes/3333333")])).code).toBe(0);
    await originIdle();
    await expectUsage(user.name, "socks", await originTotals());
    const usage = await usageOf(user.name);
    const sum = Object.values(usage.doors).reduce((total, door) => total + door.upBytes + door.downBytes, 0);
    expect(usage.totalBytes).toBe(sum);
  });

  it("counts the VPN as Xray does: the payload of the tunnel", async () => {
    const user = await addUser();
    await resetOrigin();
    const client = await startXrayClient(user.vlessLinks[0] ?? "");
    expect((await curl([...through.vpn(client.socksPort), originUrl("http", "/bytes/2500000")])).code).toBe(
      0,
    );
    expect(
      (await curl([...through.vpn(client.socksPort), ...upload, originUrl("http", "/upload")])).code,
    ).toBe(0);
    await client.stop();
    await originIdle();
    await expectUsage(user.name, "vpn", await originTotals());
    expect((await usageOf(user.name)).doors.vpn).toEqual(xrayCounters(user.id));
  });
});
