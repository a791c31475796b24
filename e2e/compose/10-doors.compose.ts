import { describe, expect, inject, it } from "vitest";
import { curl, startSingBox, startXrayClient } from "../clients.ts";
import { originChecksum } from "../origin.ts";
import {
  addUser,
  eventually,
  originIdle,
  originUrl,
  request,
  signIn,
  stackFile,
  through,
  usageOf,
  whenServed,
} from "../product.ts";
import { compose, crash, listContainers, listUnhealthy, vpnOnServer } from "./containers.ts";

const { skipped, ownerPassword } = inject("compose");
const SIZE = 300_000;
const PAGE = originUrl("https", `/bytes/${SIZE}`);
const whole = { code: 0, status: 200, bytes: SIZE, sha256: originChecksum(SIZE) };

/** A page through the proxies, the panel's login page, and a decision of ForwardAuth. */
async function expectDoorsOpen(user: Awaited<ReturnType<typeof addUser>>): Promise<void> {
  for (const way of ["http", "socks"] as const)
    await eventually(
      `${way} to be open`,
      async () => (await curl([...through[way](user), PAGE])).sha256 === whole.sha256,
      60_000,
    );
  const client = await startXrayClient(user.vlessLinks[0] ?? "");
  await eventually(
    "the VPN to be open",
    async () => (await curl([...through.vpn(client.socksPort), PAGE])).bytes === SIZE,
    60_000,
  );
  await client.stop();
  await eventually(
    "the panel",
    async () => (await request(`${stackFile().panelUrl}/login`)).status === 200,
    60_000,
  );
}

describe.skipIf(skipped !== null)("the compose stack", () => {
  it("turns every health check green", async () => {
    await eventually("all to be healthy", async () => (await listUnhealthy()).length === 0, 60_000);
    const services = (await listContainers()).map(({ service }) => service).sort();
    expect(services).toEqual([
      "controller",
      "edge",
      "grafana",
      "jaeger",
      "migrate",
      "node",
      "postgres",
      "prometheus",
      "proxy-auth",
      "redis",
      "traefik",
      "web",
    ]);
  });

  it("lets one account through every door", async () => {
    const user = await addUser();
    for (const way of ["http", "socks"] as const)
      expect(await curl([...through[way](user), PAGE]), way).toMatchObject(whole);
    for (const link of user.vlessLinks) {
      const client = await startXrayClient(link);
      expect(await curl([...through.vpn(client.socksPort), PAGE]), link).toMatchObject(whole);
      await client.stop();
    }
    const url = `${user.subscriptionUrl}?format=sing-box`;
    const subscription = await (await whenServed(() => request(url))).text();
    const tags = (JSON.parse(subscription) as { outbounds: { type: string; tag: string }[] }).outbounds
      .filter(({ type }) => type === "vless")
      .map(({ tag }) => tag);
    expect(tags).toHaveLength(2);
    for (const tag of tags) {
      const client = await startSingBox(subscription, tag);
      expect(await curl([...through.vpn(client.socksPort), PAGE]), tag).toMatchObject(whole);
      await client.stop();
    }
    const cookie = await signIn("owner", ownerPassword);
    const page = await request(`${stackFile().panelUrl}/overview`, { headers: { cookie } });
    expect(page.status).toBe(200);
    const dashboard = `https://${new URL(stackFile().panelUrl).hostname}:${stackFile().ports.dashboard}/api/version`;
    expect((await request(dashboard)).status, "a stranger at the dashboard").toBe(401);
    expect((await request(dashboard, { headers: { cookie } })).status, "the owner at the dashboard").toBe(
      200,
    );
  });

  it("counts what went through, to the byte", async () => {
    const user = await addUser();
    for (const way of ["http", "socks"] as const)
      await curl([...through[way](user), originUrl("http", `/bytes/${SIZE}`)]);
    await originIdle();
    await eventually(
      "usage to arrive",
      async () => (await usageOf(user.name)).doors.http.downBytes > SIZE,
      20_000,
    );
    await eventually("both doors to count the same", async () => {
      const { doors } = await usageOf(user.name);
      return doors.http.downBytes === doors.socks.downBytes;
    });
  });

  it("publishes the doors and nothing else", async () => {
    const ports = (await compose("ps", "--format", "{{.Service}} {{.Ports}}"))
      .split("\n")
      .filter((line) => line.includes("->"))
      .map((line) => line.split(" ")[0]);
    expect([...new Set(ports)].sort()).toEqual(["node", "traefik"]);
  });

  it("brings a killed container back, and the doors with it", async () => {
    const user = await addUser();
    for (const service of [
      "edge",
      "web",
      "proxy-auth",
      "node",
      "controller",
      "redis",
      "postgres",
      "traefik",
    ]) {
      const container = (await listContainers()).find((one) => one.service === service);
      await crash(container?.id ?? "");
      await eventually(`${service} to be back`, async () => (await listUnhealthy()).length === 0, 120_000);
      await expectDoorsOpen(user);
    }
    // Traefik's new container has a new network: the edge helper has joined it, or sockets there could not be ended.
    await eventually(
      "the node to end sockets at Traefik's port",
      async () => {
        const ready = await compose("exec", "-T", "node", "health", "9005", "/readyz").catch(() => null);
        return ready !== null;
      },
      60_000,
    );
  }, 600_000);

  it("serves the command line without Node on the server", async () => {
    const listed = await vpnOnServer("user", "list", "--json");
    expect(listed, listed.stderr).toMatchObject({ code: 0 });
    expect(listed.stdout).toContain('"owner"');
  });
});
