import { beforeAll, describe, expect, test } from "vitest";
import { applyUsage } from "#server/usage/apply-usage.ts";
import { rotateUser } from "#server/users/rotate-user.ts";
import { makeWebRuntime } from "#test/api.ts";
import { preparePlatform, systemContext } from "#test/database.ts";
import { makeNode, makeUser } from "#test/made.ts";
import { handlePac } from "./handle-pac.ts";
import { handleSubscription } from "./handle-subscription.ts";

const platform = preparePlatform();
let runtime: ReturnType<typeof makeWebRuntime>;
beforeAll(async () => {
  runtime = makeWebRuntime(platform);
  await makeNode();
});
let address = 0;
const ask = (url: string, headers: Record<string, string> = {}) => {
  const from = { "x-forwarded-for": `203.0.113.${address % 200}`, ...headers };
  return handleSubscription(
    new Request(url, { headers: from }),
    url.split("/sub/")[1]?.split("?")[0] ?? "",
    runtime,
  );
};

describe("a subscription", () => {
  test("answers the format that the app reads, or the one asked for", async () => {
    const user = await makeUser();
    const links = await (await ask(user.subscriptionUrl)).text();
    expect(Buffer.from(links, "base64").toString().split("\n")).toEqual(user.vlessLinks);
    const app = await ask(user.subscriptionUrl, { "user-agent": "SFA/1.14.1 (sing-box 1.14.1)" });
    expect(await app.json()).toHaveProperty("outbounds");
    expect(await (await ask(`${user.subscriptionUrl}?format=mihomo`)).text()).toContain("proxies:");
    expect((await ask(`${user.subscriptionUrl}?format=winamp`)).status).toBe(400);
  });

  test("says true numbers and keeps itself out of caches", async () => {
    const expiresAt = "2031-01-01T00:00:00.000Z";
    const user = await makeUser({ limitBytes: 5_000_000, expiresAt });
    const entry = { userId: user.id, upBytes: 100, downBytes: 2_000, at: Date.now() };
    const entries = [
      { ...entry, door: "vpn" as const },
      { ...entry, door: "socks" as const, upBytes: 1 },
    ];
    await applyUsage({ batch: { source: "t", boot: crypto.randomUUID(), seq: 1, entries } });
    const { headers } = await ask(user.subscriptionUrl);
    expect(headers.get("subscription-userinfo")).toBe(
      `upload=101; download=4000; total=5000000; expire=${Date.parse(expiresAt) / 1000}`,
    );
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("profile-title")).toContain(user.name);
  });

  test("that was replaced answers as one that never was", async () => {
    const user = await makeUser();
    await rotateUser({ ctx: systemContext(), ref: user.id, only: "subscription" });
    const unknown = ["https://panel.test/sub/short", `https://panel.test/sub/${"A".repeat(43)}`];
    const answers = await Promise.all([user.subscriptionUrl, ...unknown].map((url) => ask(url)));
    const bodies = await Promise.all(
      answers.map(async (answer) => (await answer.json()) as { detail: string }),
    );
    expect(answers.map((answer) => answer.status)).toEqual([404, 404, 404]);
    expect(new Set(bodies.map((body) => body.detail)).size).toBe(1);
  });

  test("is limited per address", async () => {
    address = 77;
    const user = await makeUser();
    const statuses: number[] = [];
    for (let count = 0; count < 61; count++) statuses.push((await ask(user.subscriptionUrl)).status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(60);
    expect(statuses.at(-1)).toBe(429);
    expect((await ask(user.subscriptionUrl, { "x-forwarded-for": "203.0.113.250" })).status).toBe(200);
  });
});

describe("a PAC file", () => {
  test("is a person's own, by an address that is a secret", async () => {
    const user = await makeUser();
    const get = (token: string, query = "") =>
      handlePac(
        new Request(`https://panel.test/sub/${token}/proxy.pac${query}`, {
          headers: { "x-forwarded-for": "203.0.113.250" },
        }),
        token,
        runtime,
      );
    const token = user.subscriptionUrl.split("/sub/")[1] ?? "";
    const answer = await get(token);
    expect(answer.headers.get("content-type")).toBe("application/x-ns-proxy-autoconfig");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const text = await answer.text();
    expect(text).toContain('"HTTPS panel.test:8888"');
    expect(text).not.toContain(user.proxy.password);
    expect(await (await get(token, "?via=plain")).text()).toContain('"PROXY panel.test:8888"');
    expect((await get(token, "?via=pigeon")).status).toBe(400);
    expect((await get("A".repeat(43))).status).toBe(404);
  });
});
