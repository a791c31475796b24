import { describe, expect, it } from "vitest";
import { systemClock } from "#server/clock.ts";
import { isPublicAddress } from "./classify-address.ts";
import { parseHostsFile } from "./hosts-file.ts";
import { parseAuthority, parseTarget } from "./target.ts";
import { createTargetGuard, parseAllowedTarget } from "./target-guard.ts";

function guard(options: { allowed?: string[]; own?: number[]; names?: Record<string, string[]> } = {}) {
  const check = createTargetGuard({
    clock: systemClock,
    allowedPrivateTargets: options.allowed ?? [],
    ownPorts: options.own ?? [],
    resolve: async (host) => options.names?.[host] ?? [],
  });
  return async (host: string, port = 80) => {
    const target = parseTarget(host, port);
    if (!target) return "bad";
    try {
      return await check(target, "user");
    } catch (error) {
      return (error as Error).name;
    }
  };
}

describe("isPublicAddress", () => {
  it.each(["1.1.1.1", "93.184.216.34", "2606:4700::1111"])("lets %s through", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
  it.each([
    "0.0.0.0",
    "0.1.2.3",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "5f00::1",
  ])("holds %s back", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe("parseTarget", () => {
  it.each([
    "127.1",
    "2130706433",
    "0x7f.1",
    "0x7f000001",
    "0177.0.0.1",
    "127.0.0.01",
    "0",
    "1.2.3.4.5",
    "1.2.3",
    "a.1",
    "a.0x1",
    "fe80::1%eth0",
    "[fe80::1%25eth0]",
    "[127.0.0.1]",
    "user@host",
    "a b",
    "a..b",
    "-a.b",
    "１２７.0.0.1",
    "ex\u0430mple.org",
    "",
    ".",
    "a\0b",
    "a/b",
    `${"a".repeat(64)}.b`,
    "*",
  ])("refuses %j", (host) => {
    expect(parseTarget(host, 80)).toBeNull();
  });
  it.each([
    ["Example.ORG.", "example.org"],
    ["127.0.0.1", "127.0.0.1"],
    ["[::1]", "::1"],
    ["0:0:0:0:0:0:0:1", "::1"],
    ["[::ffff:127.0.0.1]", "127.0.0.1"],
    ["_dmarc.example.org", "_dmarc.example.org"],
    ["xn--bcher-kva.example", "xn--bcher-kva.example"],
  ])("reads %s as %s", (host, wanted) => {
    expect(parseTarget(host, 80)?.host).toBe(wanted);
  });
  it.each(["host", "host:", "host:0", "host:65536", "host:99999", ":80", "[::1]", "h:80:80", "h:+80"])(
    "asks for host and port, not %s",
    (text) => {
      expect(parseAuthority(text, null)).toBeNull();
    },
  );
});

describe("createTargetGuard", () => {
  it("judges each resolved address by itself and answers only what may be dialled", async () => {
    const check = guard({
      names: { mixed: ["10.0.0.1", "1.1.1.1", "::ffff:127.0.0.1"], inside: ["192.168.0.1"] },
    });
    expect(await check("mixed")).toEqual(["1.1.1.1"]);
    expect(await check("inside")).toBe("DialError");
  });
  it("opens private addresses by CIDR, and by CIDR and port", async () => {
    const check = guard({ allowed: ["10.1.0.0/16", "127.0.0.1:8080", "[::1]:8081", "fd00::/8"] });
    expect(await check("10.1.2.3")).toEqual(["10.1.2.3"]);
    expect(await check("10.2.2.3")).toBe("DialError");
    expect(await check("127.0.0.1", 8080)).toEqual(["127.0.0.1"]);
    expect(await check("127.0.0.1", 8081)).toBe("DialError");
    expect(await check("[::1]", 8081)).toEqual(["::1"]);
    expect(await check("fd12::1")).toEqual(["fd12::1"]);
  });
  it("keeps our own listeners closed inside an allowed range unless named with their port", async () => {
    const check = guard({ allowed: ["127.0.0.0/8", "0.0.0.0/8", "127.0.0.1:9002"], own: [9002, 9006] });
    expect(await check("127.0.0.1", 9006)).toBe("DialError");
    expect(await check("127.8.8.8", 9006)).toBe("DialError");
    expect(await check("0.0.0.0", 9006)).toBe("DialError");
    expect(await check("127.0.0.1", 9002)).toEqual(["127.0.0.1"]);
    expect(await check("127.0.0.1", 80)).toEqual(["127.0.0.1"]);
  });
  it.each(["10.0.0.0/33", "host:80", "10.0.0.1:0", "", "10.0.0.0/8/8", "[::1]:99999"])(
    "refuses the setting %j in words",
    (text) => {
      expect(() => parseAllowedTarget(text)).toThrow(/write it like|there is no port/);
    },
  );
});

describe("parseHostsFile", () => {
  it("reads names in any case, several a line, without comments", () => {
    const names = parseHostsFile(
      "127.0.0.1 localhost\n10.0.0.5 DB db.internal # 1.1.1.1 x\nfe80::1%lo0 scoped\nnonsense\n::1 localhost",
    );
    expect(Object.fromEntries(names)).toEqual({
      localhost: ["127.0.0.1", "::1"],
      db: ["10.0.0.5"],
      "db.internal": ["10.0.0.5"],
    });
  });
});
