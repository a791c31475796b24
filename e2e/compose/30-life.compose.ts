import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { curl } from "../clients.ts";
import { addUser, eventually, originIdle, originUrl, signIn, through, usageOf, vpnJson } from "../product.ts";
import { compose, listUnhealthy, vpnOnServer } from "./containers.ts";

const { skipped } = inject("compose");
const home = join(inject("stack").dataDir, "..");

async function expectWell(): Promise<void> {
  await eventually("all to be healthy", async () => (await listUnhealthy()).length === 0, 120_000);
}
const succeed = async (...args: string[]) => {
  const result = await vpnOnServer(...args);
  expect(result, `vpn ${args.join(" ")}: ${result.stderr}`).toMatchObject({ code: 0 });
  return result;
};

describe.skipIf(skipped !== null)("a server's life", () => {
  it("keeps people, usage and journals through down and up", async () => {
    const user = await addUser("--limit", "5GB");
    await curl([...through.http(user), originUrl("http", "/bytes/200000")]);
    await originIdle();
    await eventually("usage to arrive", async () => (await usageOf(user.name)).totalBytes > 200_000);
    const before = await usageOf(user.name);
    await succeed("down");
    expect(await compose("ps", "-aq")).toBe("");
    await succeed("up");
    await expectWell();
    expect(await usageOf(user.name)).toMatchObject({ doors: before.doors, totalBytes: before.totalBytes });
    await eventually(
      "the same password to open the door",
      async () => {
        const { bytes } = await curl([...through.http(user), originUrl("http", "/bytes/1000")]);
        return bytes === 1_000;
      },
      30_000,
    );
  });

  it("gives the owner a new password on the server", async () => {
    const { stdout } = await succeed("owner", "reset", "--json");
    const { name, password } = JSON.parse(stdout) as { name: string; password: string };
    expect(await signIn(name, password)).toContain("__Host-causeway=");
    expect(existsSync(join(home, "config/secrets/owner-password.unseen")), "shown once").toBe(false);
  });

  it("upgrades with a backup, and goes back to it", async () => {
    const kept = await addUser();
    const check = await succeed("upgrade", "--check");
    expect(check.stderr).toContain("The database is up to date.");
    const upgraded = await succeed("upgrade");
    expect(upgraded.stderr).toContain("vpn upgrade --rollback");
    await expectWell();
    const backups = join(home, "data/backups");
    expect(readdirSync(join(backups, "last-upgrade")).sort()).toEqual([
      "causeway.dump",
      "config.tar",
      "docker-compose.yml",
      "env",
      "version",
    ]);
    const later = await addUser();
    await succeed("upgrade", "--rollback");
    await expectWell();
    const find = async (name: string) =>
      (await vpnJson<{ items: { name: string }[] }>("user", "list", "--query", name)).items.map(
        (user) => user.name,
      );
    expect(await find(kept.name)).toEqual([kept.name]);
    expect(await find(later.name), "made after the upgrade").toEqual([]);
    await eventually(
      "the doors to know it",
      async () => {
        const [old, young] = await Promise.all(
          [kept, later].map((user) => curl([...through.http(user), originUrl("http", "/")])),
        );
        return old?.status === 200 && young?.status !== 200;
      },
      60_000,
    );
  }, 600_000);
});
