import { describe, expect, it } from "vitest";
import { defaultHost, describeReach, parseHost } from "./public-host.ts";

const ROUTES = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
wg0\t00000000\t00000000\t0001\t0\t0\t900\t00000000\t0\t0\t0
eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0`;
const address = (text: string) => ({ address: text, family: "IPv4", internal: false }) as never;

describe("the public host", () => {
  it("is by default the address of the default route with the lowest metric", () => {
    const interfaces = { eth0: [address("203.0.113.9")], wg0: [address("10.0.0.1")] };
    expect(defaultHost(ROUTES, interfaces)).toBe("203.0.113.9");
  });

  it("is loopback on a machine without a route", () => {
    expect(defaultHost("", { eth0: [address("203.0.113.9")] })).toBe("127.0.0.1");
  });

  it.each([
    ["VPN.Example.org", "vpn.example.org"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["198.51.100.7", "198.51.100.7"],
  ])("reads %s as %s", (text, host) => expect(parseHost(text)).toBe(host));

  it.each(["https://x.org", "x.org:443", "", "a b", "999.1.1.1", "-x.org"])(
    "refuses “%s” with what to write",
    (text) => expect(() => parseHost(text)).toThrow(/--host vpn\.example\.org/),
  );

  it("says when others cannot reach it", () => {
    expect(describeReach("127.0.0.1")).toContain("loopback");
    expect(describeReach("10.1.2.3")).toContain("private");
    expect(describeReach("8.8.8.8")).toBeNull();
    expect(describeReach("vpn.example.org")).toBeNull();
  });
});
