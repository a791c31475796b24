import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { UserSecrets } from "#lib/schemas/user.ts";
import { curl, startCurl, startXrayClient, type Tunnel } from "./clients.ts";
import { originChecksum } from "./origin.ts";
import {
  addUser,
  api,
  eventually,
  originCounts,
  originIdle,
  originUrl,
  resetOrigin,
  stackFile,
  through,
  usageOf,
} from "./product.ts";
import { xrayCounters } from "./xray-counters.ts";

const RATE = 1_000_000;
const LENGTH = 8_000_000;
/** Most of it is this test's own clients starting again and again; how long it really took is printed. */
const BACK_MS = 30_000;
/** Programs that carry no bytes themselves: killing one must end no tunnel and lose no byte. */
const BYSTANDERS = ["web", "controller", "redis", "postgres", "node-agent"] as const;
const KILLED = [...BYSTANDERS, "proxy-auth", "xray", "traefik", "prometheus"] as const;

function kill(program: string): number {
  const pid = stackFile().pids[program];
  if (pid === undefined) throw new Error(`no pid of ${program} in stack.json`);
  process.kill(pid, "SIGKILL");
  return pid;
}

async function fetchThroughAll(user: UserSecrets): Promise<boolean> {
  const client = await startXrayClient(user.vlessLinks[0] ?? "");
  const edge = await startXrayClient(user.vlessLinks[1] ?? "");
  const results = await Promise.all([
    curl([...through.http(user), "--max-time", "4", originUrl("https", "/bytes/100")]),
    curl([...through.socks(user), "--max-time", "4", originUrl("https", "/bytes/100")]),
    curl([...through.vpn(client.socksPort), "--max-time", "4", originUrl("http", "/bytes/100")]),
    curl([...through.vpn(edge.socksPort), "--max-time", "4", originUrl("http", "/bytes/100")]),
  ]);
  await Promise.all([client.stop(), edge.stop()]);
  return results.every((result) => result.code === 0 && result.bytes === 100);
}

const isHealthy = async () => {
  const status = (await (await api("/status")).json()) as { programs: { name: string; isUp: boolean }[] };
  return status.programs.length === 9 && status.programs.every((program) => program.isUp);
};

describe("each program may be killed with -9 during traffic", () => {
  it.each(KILLED)(
    "%s comes back, nobody is lost, and bytes are counted once",
    async (program) => {
      const [user, other] = await Promise.all([addUser(), addUser()]);
      const client: Tunnel = await startXrayClient(user.vlessLinks[0] ?? "");
      await resetOrigin();
      // The VPN goes to the origin's plain port and the proxies to its TLS port, so that each is held to its own count.
      const path = `/slow/${LENGTH}?rate=${RATE}`;
      const transfers = {
        http: startCurl([...through.http(user), originUrl("https", path)]),
        socks: startCurl([...through.socks(user), originUrl("https", path)]),
        vpn: startCurl([...through.vpn(client.socksPort), originUrl("http", path)]),
      };
      await eventually("the downloads to run", () =>
        Object.values(transfers).every((transfer) => transfer.bytes() > 1_500_000),
      );
      const killedPid = kill(program);
      const killedAt = Date.now();
      await eventually(
        `a new ${program}`,
        () => {
          const pid = stackFile().pids[program];
          return pid !== undefined && pid !== killedPid;
        },
        15_000,
      );
      const backAfter = Date.now() - killedAt;
      await eventually("every program up", isHealthy, BACK_MS);
      await eventually("all doors to work again", () => fetchThroughAll(other), BACK_MS);
      const healthyAfter = Date.now() - killedAt;
      const results = await Promise.all(Object.values(transfers).map((transfer) => transfer.done));
      await client.stop();
      if (BYSTANDERS.some((name) => name === program)) {
        for (const result of results) {
          expect(result, `killing ${program} ends no tunnel`).toMatchObject({
            code: 0,
            bytes: LENGTH,
            sha256: originChecksum(LENGTH),
          });
        }
      }
      const missing = await settle([user, other], program);
      console.info(
        `${program}: new pid after ${backAfter} ms, all doors after ${healthyAfter} ms, not counted: ${JSON.stringify(missing)}`,
      );
      // Never twice; and only what a killed carrier held in memory for less than a second may be missing.
      for (const [carrier, bytes] of Object.entries(missing)) {
        expect(bytes, `${carrier}: never counted twice`).toBeGreaterThanOrEqual(0);
        const streams = carrier === "proxies" ? 2 : 1;
        const isItsCarrier = carrier === "proxies" ? program === "proxy-auth" : program === "xray";
        expect(bytes, `${carrier}: counted once`).toBeLessThanOrEqual(isItsCarrier ? streams * RATE : 0);
      }
    },
    240_000,
  );
});

const sum = (door: { upBytes: number; downBytes: number }) => door.upBytes + door.downBytes;

/** Bytes that the carriers moved and nobody counted, once usage stands still. */
async function settle(users: UserSecrets[], program: string): Promise<{ proxies: number; vpn: number }> {
  await originIdle();
  const measure = async () => {
    const { http, https } = await originCounts();
    const total = { proxies: 0, vpn: 0, core: 0 };
    for (const user of users) {
      const { doors } = await usageOf(user.name);
      total.proxies += sum(doors.http) + sum(doors.socks);
      total.vpn += sum(doors.vpn);
      total.core += sum(xrayCounters(user.id));
    }
    // A killed Xray took its counters along: then the origin is the only witness.
    const carried = program === "xray" ? http.receivedBytes + http.sentBytes : total.core;
    return { proxies: https.receivedBytes + https.sentBytes - total.proxies, vpn: carried - total.vpn };
  };
  let last = await measure();
  for (let quiet = 0; quiet < 3; ) {
    await sleep(1_000);
    const now = await measure();
    quiet = now.proxies === last.proxies && now.vpn === last.vpn ? quiet + 1 : 0;
    last = now;
  }
  return last;
}
