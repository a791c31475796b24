import { expect, test } from "vitest";
import { renderClientConfig } from "./client-config.ts";
import { renderXrayConfig } from "./config.ts";
import { buildVlessLink } from "./links.ts";

const ID = "2c41f2d7-6b5e-4b0e-9b2a-0d9a3c9f1e11";
const VLESS_ID = "66ad4540-b58c-4ad2-9926-ea63445a9b57";
const inbound = {
  listen: "0.0.0.0",
  serverName: "www.reality.test",
  realityTarget: "127.0.0.1:8444",
  realityPrivateKey: "aGSYystUbf59_9_6LKRxD27rmSW_-2_nyd9YG_Gwbks",
  shortIds: ["0123456789abcdef"],
};
const config = JSON.parse(
  renderXrayConfig({
    inbounds: [
      { ...inbound, tag: "direct", port: 8443, acceptProxyProtocol: false },
      { ...inbound, tag: "edge", port: 8445, acceptProxyProtocol: true },
    ],
    users: [{ id: ID, vlessId: VLESS_ID }],
    paths: {
      apiSocket: "/s/api.sock",
      reportSocket: "/s/report.sock",
      log: "/s/pipe",
    },
    allowedPrivateTargets: [],
    ownPorts: [9002],
    ownAddresses: [],
  }),
);

test("each inbound holds every user under an e-mail of its own", () => {
  const users = config.inbounds.map((item: { settings: { users: object[] } }) => item.settings.users);
  expect(users).toEqual([
    [{ id: VLESS_ID, email: `${ID}.direct`, level: 0, flow: "xtls-rprx-vision" }],
    [{ id: VLESS_ID, email: `${ID}.edge`, level: 0, flow: "xtls-rprx-vision" }],
  ]);
});

test("sing-box and mihomo are not shut out, and only the edge takes PROXY headers", () => {
  const settings = config.inbounds.map((item: { streamSettings: object }) => item.streamSettings);
  expect(settings[0]).toMatchObject({
    realitySettings: { minClientVer: "1.8.0" },
    sockopt: { acceptProxyProtocol: false },
  });
  expect(settings[1]).toMatchObject({ sockopt: { acceptProxyProtocol: true } });
});

test("the API is a unix socket for us alone, and everything that goes out is reported", () => {
  expect(config.api.listen).toBe("/s/api.sock,0600");
  for (const rule of config.routing.rules) {
    if (rule.outboundTag === "freedom") expect(rule.webhook.url).toBe("/s/report.sock:/connections");
  }
  expect(config.routing.rules.at(-1)).toMatchObject({ network: "tcp,udp", outboundTag: "freedom" });
});

test("a client's configuration follows from the link alone", () => {
  const link = buildVlessLink({
    vlessId: VLESS_ID,
    host: "2001:db8::1",
    port: 8443,
    serverName: "www.reality.test",
    publicKey: "E59WjnvZcQMu7tR7_BgyhycuEdBS-CtKxfImRCdAvFM",
    shortId: "0123456789abcdef",
    remark: "x",
  });
  const client = JSON.parse(renderClientConfig({ link, socksPort: 1, httpPort: 2 }));
  expect(client.outbounds[0]).toMatchObject({
    settings: { address: "2001:db8::1", port: 8443, id: VLESS_ID, flow: "xtls-rprx-vision" },
    streamSettings: { realitySettings: { serverName: "www.reality.test", shortId: "0123456789abcdef" } },
  });
  expect(client.inbounds).toHaveLength(2);
});
