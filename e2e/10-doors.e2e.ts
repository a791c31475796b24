import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import type { ConnectionList } from "#lib/schemas/connection.ts";
import type { UserSecrets } from "#lib/schemas/user.ts";
import { curl, startSingBox, startSingBoxUdp, startXrayClient } from "./clients.ts";
import { readStream } from "./log-files.ts";
import { originChecksum } from "./origin.ts";
import {
  addUser,
  api,
  eventually,
  heldWithin,
  originUrl,
  request,
  stackFile,
  through,
  vpn,
  whenServed,
} from "./product.ts";
import { SING_BOX_BIN } from "./tools.ts";

const MEGABYTE = 1_000_000;
const logOf = (program: string) => readStream(`${program}.log`).join("\n");

describe("one account through every door", () => {
  let user: UserSecrets;
  beforeAll(async () => {
    user = await addUser();
  });

  it.each([
    ["HTTP, absolute form", "http", "http"],
    ["HTTP CONNECT", "http", "https"],
    ["SOCKS5 with the name resolved by us", "socks", "https"],
  ] as const)("fetches a page by %s", async (_name, door, scheme) => {
    const result = await curl([...through[door](user), originUrl(scheme, `/bytes/${MEGABYTE}`)]);
    expect(result).toMatchObject({ code: 0, status: 200, bytes: MEGABYTE, sha256: originChecksum(MEGABYTE) });
  });

  it("fetches through TLS to the proxy itself", async () => {
    const secure = user.proxy.httpUrl.replace("http://", "https://");
    const result = await curl([
      "-x",
      secure,
      "--proxy-cacert",
      stackFile().caFile,
      "--cacert",
      inject("stack").originCa,
      originUrl("https", "/bytes/1000"),
    ]);
    expect(result).toMatchObject({ code: 0, status: 200, bytes: 1000 });
  });

  it.each([0, 1])("Xray fetches a page from the user's link %i", async (index) => {
    const client = await startXrayClient(user.vlessLinks[index] ?? "");
    const result = await curl([...through.vpn(client.socksPort), originUrl("https", `/bytes/${MEGABYTE}`)]);
    await client.stop();
    expect(result).toMatchObject({ code: 0, status: 200, bytes: MEGABYTE, sha256: originChecksum(MEGABYTE) });
  });

  it("has one link for the direct port and one for :443", () => {
    const ports = user.vlessLinks.map((link) => new URL(link).port || "443");
    expect(new Set(ports).size).toBe(2);
  });

  it("sing-box accepts the subscription and fetches a page by each of its outbounds", async () => {
    const response = await whenServed(() => request(`${user.subscriptionUrl}?format=sing-box`));
    expect(response.status).toBe(200);
    const text = await response.text();
    const file = join(mkdtempSync(join(tmpdir(), "causeway-sub-")), "config.json");
    writeFileSync(file, text);
    execFileSync(SING_BOX_BIN, ["check", "-c", file]);
    const outbounds = (JSON.parse(text) as { outbounds: { type: string; tag: string }[] }).outbounds.filter(
      (outbound) => outbound.type === "vless",
    );
    expect(outbounds).toHaveLength(2);
    for (const outbound of outbounds) {
      const client = await startSingBox(text, outbound.tag);
      const result = await curl([...through.vpn(client.socksPort), originUrl("https", "/bytes/5000")]);
      await client.stop();
      expect(result, outbound.tag).toMatchObject({ code: 0, status: 200, bytes: 5000 });
    }
  });

  it("sing-box sends UDP through SOCKS5: it arrives, is counted, listed while it lasts, and ended", async () => {
    const { httpPort } = inject("stack");
    const origin = createSocket("udp4");
    origin.on("message", (bytes, { port, address }) => origin.send(bytes, port, address));
    const mine = createSocket("udp4");
    onTestFinished(() => {
      mine.close();
      origin.close();
    });
    // The doors may dial the origin's port: of UDP as of TCP.
    await new Promise<void>((resolve, reject) => {
      origin.once("error", reject);
      origin.bind(httpPort, "127.0.0.1", resolve);
    });
    const client = await startSingBoxUdp(user.proxy.socksUrl, { host: "127.0.0.1", port: httpPort });
    const echoed = (text: string) =>
      eventually(`${text} to come back`, () => {
        mine.send(text, client.socksPort, "127.0.0.1");
        return new Promise<boolean>((resolve) => {
          const timer = setTimeout(() => resolve(false), 300);
          mine.once("message", (bytes) => {
            clearTimeout(timer);
            resolve(String(bytes) === text);
          });
        });
      });
    await echoed("over SOCKS");
    const path = `/users/${user.name}/connections`;
    const listed = async () => ((await (await api(path)).json()) as ConnectionList).items;
    await eventually("it to be listed", async () => (await listed()).length > 0);
    const [open] = await listed();
    expect(open).toMatchObject({ door: "socks", ip: "127.0.0.1", userName: user.name });
    expect(open?.upBytes).toBeGreaterThanOrEqual("over SOCKS".length);
    expect((await api(`/connections/${open?.id}`, { method: "DELETE" })).status).toBe(204);
    await eventually("the list to be empty", async () => (await listed()).length === 0);
    await client.stop();
  });

  it("answers 407, SOCKS status 1 and no VPN to wrong secrets, and logs the client's real address", async () => {
    const wrongHttp = await curl([
      "--interface",
      "127.0.0.7",
      "-x",
      `http://${user.name}:wrong@${stackFile().httpProxy}`,
      originUrl("https", "/"),
    ]);
    expect(wrongHttp.code).toBe(56);
    expect(wrongHttp.stderr).toMatch(/407/);
    const wrongPlain = await curl([
      "-x",
      `http://${user.name}:wrong@${stackFile().httpProxy}`,
      originUrl("http", "/"),
    ]);
    expect(wrongPlain.status).toBe(407);
    const wrongSocks = await curl([
      "-x",
      `socks5h://${user.name}:wrong@${stackFile().socksProxy}`,
      originUrl("https", "/"),
    ]);
    expect(wrongSocks.code).toBe(97);
    expect(wrongSocks.stderr).toMatch(/User was rejected|rejected/i);
    const link = (user.vlessLinks[0] ?? "").replace(
      /\/\/[0-9a-f-]{36}@/,
      "//11111111-2222-4333-8444-555555555555@",
    );
    const client = await startXrayClient(link);
    const wrongVpn = await curl([
      ...through.vpn(client.socksPort),
      "--max-time",
      "8",
      originUrl("https", "/"),
    ]);
    await client.stop();
    expect(wrongVpn.code).not.toBe(0);
    await eventually("a log line of the wrong proxy password with the real address", () =>
      logOf("proxy-auth")
        .split("\n")
        .some((line) => line.includes("127.0.0.7") && line.includes(user.name)),
    );
    expect(logOf("proxy-auth")).not.toContain(user.proxy.password);
    await eventually("a log line of the rejected VPN client", () =>
      logOf("node-agent").includes("rejected a VPN client"),
    );
  });

  it("refuses private targets and our own listeners on every door", async () => {
    const { ports } = stackFile();
    const client = await startXrayClient(user.vlessLinks[0] ?? "");
    for (const target of [
      `127.0.0.1:${ports.postgres}`,
      "127.0.0.1:22",
      "10.0.0.1:80",
      "169.254.169.254:80",
      `localhost:${ports["web-internal"] ?? 9006}`,
    ]) {
      const http = await curl([...through.http(user), "--max-time", "20", `http://${target}/`]);
      expect(http.status, target).toBe(403);
      const socks = await curl([...through.socks(user), "--max-time", "20", `http://${target}/`]);
      expect(socks.code, target).toBe(97);
      const vpnResult = await curl([
        ...through.vpn(client.socksPort),
        "--max-time",
        "5",
        `http://${target}/`,
      ]);
      expect(vpnResult.code, target).not.toBe(0);
    }
    await client.stop();
  });

  it("is watched: Prometheus scrapes every program of ours, and Traefik", async () => {
    type Targets = { data: { activeTargets: { labels: { job: string }; health: string }[] } };
    const url = `http://127.0.0.1:${stackFile().ports.prometheus}/api/v1/targets`;
    const up = async () => {
      const { data } = (await (await fetch(url)).json()) as Targets;
      return data.activeTargets
        .filter(({ health }) => health === "up")
        .map(({ labels }) => labels.job)
        .sort();
    };
    const wanted = ["controller", "node-agent", "prometheus", "proxy-auth", "traefik", "web"];
    await eventually(
      "all targets up",
      async () => JSON.stringify(await up()) === JSON.stringify(wanted),
      60_000,
    );
  });

  it("is usable on every door within a second of the API's answer", async () => {
    const fresh = await addUser();
    const answeredAt = Date.now();
    const client = await startXrayClient(fresh.vlessLinks[0] ?? "");
    const usable = (door: string, args: string[]) =>
      heldWithin(
        `${door} to be open`,
        1_000,
        async () => {
          const { code, bytes } = await curl([...args, originUrl("https", "/bytes/10")]);
          return code === 0 && bytes === 10;
        },
        answeredAt,
      );
    await Promise.all([
      usable("http", through.http(fresh)),
      usable("socks", through.socks(fresh)),
      usable("vpn", through.vpn(client.socksPort)),
    ]);
    console.info(
      `first byte through all doors ${Date.now() - answeredAt} ms after user add (client start included)`,
    );
    await client.stop();
  });
});

describe("the CLI", () => {
  it("walks a user through their life", async () => {
    const user = await addUser("--limit", "10GB", "--expires", "30d", "--reset", "month");
    expect(user).toMatchObject({ status: "active", limitBytes: 10_000_000_000, usedBytes: 0 });
    expect(user.invite?.url).toMatch(/^https:\/\//);
    const shown = await vpn("user", "show", user.name, "--json");
    expect(shown.stdout).not.toContain(user.proxy.password);
    expect(JSON.parse((await vpn("user", "disable", user.name, "--json")).stdout)).toMatchObject({
      status: "disabled",
    });
    expect(JSON.parse((await vpn("user", "enable", user.name, "--json")).stdout)).toMatchObject({
      status: "active",
    });
    const rotated = JSON.parse(
      (await vpn("user", "rotate", user.name, "--only", "proxy", "--json")).stdout,
    ) as UserSecrets;
    expect(rotated.proxy.password).not.toBe(user.proxy.password);
    expect(rotated.vlessLinks).toEqual(user.vlessLinks);
    expect((await vpn("user", "qr", user.name)).code).toBe(0);
    expect((await vpn("user", "delete", user.name, "--yes")).code).toBe(0);
    const missing = await vpn("user", "show", user.name);
    expect(missing.code).not.toBe(0);
    expect(missing.stderr.trim().split("\n")).toHaveLength(1);
  });

  it("says in one line what is wrong with a wrong call", async () => {
    for (const args of [
      ["user", "add", "Bad Name"],
      ["user", "add", "ok", "--limit", "many"],
      ["nonsense"],
      ["user", "list", "--nonsense"],
    ]) {
      const result = await vpn(...args);
      expect(result.code, args.join(" ")).not.toBe(0);
      expect(result.stderr.trim().split("\n").length, result.stderr).toBeLessThanOrEqual(2);
      expect(result.stderr).not.toMatch(/at .*\.ts:\d+/);
    }
  });
});
