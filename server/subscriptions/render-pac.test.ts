import vm from "node:vm";
import { describe, expect, it } from "vitest";
import { type PacKind, renderPac } from "./render-pac.ts";

function ask(host: string, kind: PacKind = "tls"): unknown {
  const options = {
    httpProxyAddress: "vpn.example.org:8888",
    panelUrl: "https://vpn.example.org:8443",
    kind,
  };
  const context = vm.createContext({ isPlainHostName: (name: string) => !name.includes(".") });
  vm.runInContext(renderPac(options), context);
  return vm.runInContext(`FindProxyForURL("https://x/", ${JSON.stringify(host)})`, context);
}

describe("the PAC file", () => {
  it.each(["example.com", "203.0.113.7", "2001:db8::1", "172.15.0.1", "1921.680.0.1.example", "fdx.example"])(
    "sends %s through the proxy, by TLS",
    (host) => expect(ask(host)).toBe("HTTPS vpn.example.org:8888"),
  );

  it.each([
    "vpn.example.org",
    "VPN.Example.org",
    "printer",
    "nas.local",
    "192.168.1.1",
    "10.0.0.8",
    "172.20.3.4",
    "127.0.0.1",
    "::1",
    "[fe80::1]",
    "fd00::5",
  ])("goes straight to %s", (host) => expect(ask(host)).toBe("DIRECT"));

  it("names the plain proxy only when asked to", () => {
    expect(ask("example.com", "plain")).toBe("PROXY vpn.example.org:8888");
  });
});
