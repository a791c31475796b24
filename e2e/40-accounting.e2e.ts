import { describe, expect, it } from "vitest";
import { curl, startXrayClient } from "./clients.ts";
import { addUser, eventually, originCounts, originUrl, resetOrigin, through, usageOf } from "./product.ts";

const settled = () =>
  eventually("all connections to the origin to close", async () => (await originCounts()).open === 0);

describe("accounting", () => {
  it("counts the proxies exactly as the origin's own sockets do", async () => {
    const user = await addUser();
    await settled();
    await resetOrigin();
    const upload = ["--data-binary", "@/usr/bin/curl"];
    for (const args of [
      [...through.http(user), originUrl("http", "/bytes/1234567")],
      [...through.http(user), ...upload, originUrl("http", "/upload")],
      [...through.http(user), originUrl("https", "/bytes/765432")],
      [...through.http(user), originUrl("http", "/bytes/1"), originUrl("http", "/bytes/2")],
    ]) {
      expect((await curl(args)).code).toBe(0);
    }
    await settled();
    const http = await originCounts();
    await eventually(
      "http usage to equal the origin's count",
      async () => {
        const usage = await usageOf(user.name);
        return (
          usage.doors.http.upBytes === http.receivedBytes && usage.doors.http.downBytes === http.sentBytes
        );
      },
      10_000,
    ).catch(async (error) =>
      expect((await usageOf(user.name)).doors.http, String(error)).toEqual({
        upBytes: http.receivedBytes,
        downBytes: http.sentBytes,
      }),
    );

    await resetOrigin();
    expect((await curl([...through.socks(user), ...upload, originUrl("https", "/upload")])).code).toBe(0);
    expect((await curl([...through.socks(user), originUrl("http", "/bytes/3333333")])).code).toBe(0);
    await settled();
    const socks = await originCounts();
    await eventually(
      "socks usage to equal the origin's count",
      async () => {
        const usage = await usageOf(user.name);
        return (
          usage.doors.socks.upBytes === socks.receivedBytes && usage.doors.socks.downBytes === socks.sentBytes
        );
      },
      10_000,
    ).catch(async (error) =>
      expect((await usageOf(user.name)).doors.socks, String(error)).toEqual({
        upBytes: socks.receivedBytes,
        downBytes: socks.sentBytes,
      }),
    );
    const usage = await usageOf(user.name);
    const sum = Object.values(usage.doors).reduce((total, door) => total + door.upBytes + door.downBytes, 0);
    expect(usage.totalBytes).toBe(sum);
  });

  it("counts the VPN as Xray does: the payload of the tunnel", async () => {
    const user = await addUser();
    await settled();
    await resetOrigin();
    const client = await startXrayClient(user.vlessLinks[0] ?? "");
    expect((await curl([...through.vpn(client.socksPort), originUrl("http", "/bytes/2500000")])).code).toBe(
      0,
    );
    await client.stop();
    await settled();
    const origin = await originCounts();
    await eventually(
      "vpn usage to reach the origin's count",
      async () => {
        const { vpn } = (await usageOf(user.name)).doors;
        return vpn.upBytes === origin.receivedBytes && vpn.downBytes === origin.sentBytes;
      },
      10_000,
    ).catch(async (error) =>
      expect((await usageOf(user.name)).doors.vpn, String(error)).toEqual({
        upBytes: origin.receivedBytes,
        downBytes: origin.sentBytes,
      }),
    );
  });
});
