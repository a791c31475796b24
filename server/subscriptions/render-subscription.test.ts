import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { buildVlessLink } from "#server/xray/links.ts";
import { detectFormat } from "./detect-format.ts";
import { renderSubscription } from "./render-subscription.ts";

const SING_BOX = ["/tmp/gb/sing-box", join(homedir(), ".cache/causeway/sing-box-1.14.1/sing-box")].find(
  existsSync,
);
const dir = mkdtempSync(join(tmpdir(), "causeway-sub-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const link = (host: string, port: number, remark: string, shortId = "0011223344556677") =>
  buildVlessLink({
    vlessId: "11111111-1111-4111-8111-111111111111",
    host,
    port,
    serverName: "www.example.causeway.internal",
    publicKey: "jNXHt1yRo0vDuchQlIP6Z0ZvjT3KtzVI-T4E7RoLJS0",
    shortId,
    remark,
  });
const user = {
  name: "ada",
  vlessLinks: [link("203.0.113.5", 8443, "Home · direct"), link("2001:db8::5", 443, "Home · 443")],
};
const singBox = (source: { name: string; vlessLinks: string[] }, userAgent?: string) =>
  renderSubscription({ user: source, format: "sing-box", userAgent });

describe("detectFormat", () => {
  it.each([
    ["SFA/1.14.1 (583; sing-box 1.14.1; language en_US)", "sing-box"],
    ["sing-box 1.14.1", "sing-box"],
    ["mihomo/1.19.20", "mihomo"],
    ["clash-verge/v2.4.0", "mihomo"],
    ["Stash/3.1.0 Clash/1.9.0", "mihomo"],
    ["HiddifyNext/2.5.7 (android) like ClashMeta v2ray sing-box", "links"],
    ["v2rayNG/1.10.5", "links"],
    ["curl/8.5.0", "links"],
    [null, "links"],
  ])("reads %s", (userAgent, format) => expect(detectFormat(userAgent)).toBe(format));
});

describe("renderSubscription", () => {
  it("answers links as base64 of one a line", () => {
    const file = renderSubscription({ user, format: "links" });
    expect(Buffer.from(file.body, "base64").toString().split("\n")).toEqual(user.vlessLinks);
    expect(file.fileName).toBe("causeway-ada.txt");
  });

  it("opens a local port on loopback only, and a tun for sing-box's own apps", () => {
    const inbound = (userAgent?: string) => JSON.parse(singBox(user, userAgent).body).inbounds[0];
    expect(inbound()).toMatchObject({ type: "mixed", listen: "127.0.0.1", listen_port: 2080 });
    expect(inbound("sing-box 1.14.1")).toMatchObject({ type: "mixed" });
    expect(inbound("SFI/1.14.1 (Build 1; sing-box 1.14.1)")).toMatchObject({ type: "tun" });
  });

  it("keeps a short id of digits a text in YAML", () => {
    const config = parse(renderSubscription({ user, format: "mihomo" }).body);
    expect(config.proxies.map((proxy: { "reality-opts": unknown }) => proxy["reality-opts"])).toEqual([
      { "public-key": expect.any(String), "short-id": "0011223344556677" },
      { "public-key": expect.any(String), "short-id": "0011223344556677" },
    ]);
    expect(renderSubscription({ user, format: "mihomo" }).body).toContain('short-id: "0011223344556677"');
    expect(config.proxies[1].server).toBe("2001:db8::5");
  });

  it("gives two hosts with the same remark, or one of ours, names of their own", () => {
    const twins = { name: "ada", vlessLinks: [link("a.example", 1, "auto"), link("b.example", 2, "auto")] };
    const names = parse(renderSubscription({ user: twins, format: "mihomo" }).body).proxies.map(
      (proxy: { name: string }) => proxy.name,
    );
    expect(names).toEqual(["auto 2", "auto 3"]);
  });

  it("lets nothing out unprotected when there is no link", () => {
    const nobody = { name: "ada", vlessLinks: [] };
    expect(JSON.parse(singBox(nobody).body).route.rules).toEqual([{ action: "reject" }]);
    expect(parse(renderSubscription({ user: nobody, format: "mihomo" }).body).rules.at(-1)).toBe(
      "MATCH,REJECT",
    );
  });

  it.runIf(SING_BOX).each([
    ["mixed", user, undefined],
    ["tun", user, "SFA/1.14.1"],
    ["nothing enabled", { name: "ada", vlessLinks: [] }, undefined],
    ["nothing enabled, tun", { name: "ada", vlessLinks: [] }, "SFM/1.14.1"],
  ])("passes sing-box check: %s", (_name, source, userAgent) => {
    const file = join(dir, "config.json");
    writeFileSync(file, singBox(source, userAgent).body);
    expect(() => execFileSync(SING_BOX ?? "", ["check", "-c", file], { stdio: "pipe" })).not.toThrow();
  });
});
