import { describe, expect, inject, it } from "vitest";
import { curl } from "../clients.ts";
import {
  addUser,
  eventually,
  originIdle,
  originTotals,
  originUrl,
  request,
  resetOrigin,
  stackFile,
  through,
  usageOf,
} from "../product.ts";
import { compose, listContainers, listUnhealthy } from "./containers.ts";

const { skipped } = inject("compose");
const scale = (web: number, proxyAuth: number) =>
  compose(
    "up",
    "-d",
    "--no-build",
    "--no-recreate",
    "--scale",
    `web=${web}`,
    "--scale",
    `proxy-auth=${proxyAuth}`,
  );

const addressesOf = async (service: string) =>
  (await listContainers())
    .filter((one) => one.service === service && one.state === "running")
    .map(({ address }) => address);

/** A metric's sum over its labels, of one replica. */
async function read(address: string, port: number, metric: string): Promise<number> {
  const text = await (await fetch(`http://${address}:${port}/metrics`)).text();
  return text
    .split("\n")
    .filter((line) => line.startsWith(`${metric}{`) || line.startsWith(`${metric} `))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))), 0);
}

/** As every test here begins, whatever the one before has stopped. */
async function haveTwo(): Promise<void> {
  await scale(2, 2);
  await eventually("all to be healthy", async () => (await listUnhealthy()).length === 0, 120_000);
}

describe.skipIf(skipped !== null)("two replicas", { timeout: 300_000 }, () => {
  it("share the load of the panel, ForwardAuth and the doors", async () => {
    await haveTwo();
    const user = await addUser();
    const [webs, doors] = [await addressesOf("web"), await addressesOf("proxy-auth")];
    expect([webs.length, doors.length]).toEqual([2, 2]);
    const counts = async () => ({
      web: await Promise.all(
        webs.map((one) => read(one, 9006, "causeway_http_request_duration_seconds_count")),
      ),
      tunnels: await Promise.all(doors.map((one) => read(one, 9001, "causeway_tunnels_opened_total"))),
      decisions: await Promise.all(
        doors.map((one) => read(one, 9001, "causeway_forward_auth_decisions_total")),
      ),
    });
    const before = await counts();
    const dashboard = `https://${new URL(stackFile().panelUrl).hostname}:${stackFile().ports.dashboard}/api/version`;
    await eventually(
      "every replica to have served",
      async () => {
        await Promise.all(
          Array.from({ length: 12 }, async () => {
            await (await request(`${stackFile().apiUrl}/openapi.json`)).text();
            await (await request(dashboard)).text();
            await curl([...through.http(user), originUrl("http", "/")]);
            await curl([...through.socks(user), originUrl("http", "/")]);
          }),
        );
        const after = await counts();
        return (["web", "tunnels", "decisions"] as const).every((kind) =>
          after[kind].every((count, index) => count > (before[kind][index] ?? 0)),
        );
      },
      120_000,
    );
  });

  it("are all found by Prometheus", async () => {
    await haveTwo();
    const [prometheus] = await addressesOf("prometheus");
    await eventually(
      "four targets to be up",
      async () => {
        const answer = await fetch(
          `http://${prometheus}:9090/api/v1/query?query=sum(up{job=~"web|proxy-auth"})`,
        );
        const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } };
        return data.result[0]?.value[1] === "4";
      },
      120_000,
    );
  });

  it("lose nothing when one goes before it could report, and count nothing twice", async () => {
    await haveTwo();
    const user = await addUser();
    await resetOrigin();
    await curl([...through.http(user), originUrl("http", "/")]);
    // No panel: what is counted stays in the journals.
    await compose("stop", "web");
    for (let index = 0; index < 8; index++)
      expect(await curl([...through.http(user), originUrl("http", "/bytes/50000")])).toMatchObject({
        code: 0,
        bytes: 50_000,
      });
    await originIdle();
    const { upBytes, downBytes } = await originTotals();
    await compose(
      "up",
      "-d",
      "--no-build",
      "--no-recreate",
      "--no-deps",
      "--scale",
      "proxy-auth=1",
      "proxy-auth",
    );
    expect(await addressesOf("proxy-auth")).toHaveLength(1);
    await compose("up", "-d", "--no-build", "--no-recreate", "--no-deps", "--scale", "web=1", "web");
    await eventually(
      "the journal that was left to be reported",
      async () => {
        const { doors } = await usageOf(user.name);
        return doors.http.downBytes >= downBytes;
      },
      150_000,
    );
    expect((await usageOf(user.name)).doors.http).toEqual({ upBytes, downBytes });
  });
});
