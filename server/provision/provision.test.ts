import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { userSecretsSchema } from "#lib/schemas/user.ts";
import { provision } from "#server/provision/provision.ts";
import { verifyToken } from "#server/tokens/verify-token.ts";
import { deleteUser } from "#server/users/delete-user.ts";
import { findSignInUser } from "#server/users/find-sign-in-user.ts";
import { verifyPassword } from "#server/users/verify-password.ts";
import { cliContext, preparePlatform, systemContext } from "#test/database.ts";
import { trailOf } from "#test/made.ts";

const platform = preparePlatform();
const input = {
  owner: { name: "owner" },
  demoUser: "demo",
  node: {
    name: "local",
    agentUrl: "https://127.0.0.1:9004",
    publicHost: "vpn.test",
    directPort: 8443,
    edgePublicPort: 443,
    edgeListenPort: 8445,
    serverName: "www.reality.test",
    realityTarget: "127.0.0.1:8444",
  },
  cliTokenHash: "ab".repeat(32),
};

describe("provision", () => {
  it("makes owner, node, CLI token and demo user once, and changes nothing the second time", async () => {
    const first = await provision({ ctx: systemContext(), input });
    const { name, password } = first.owner;
    expect(userSecretsSchema.parse(first.user)).toMatchObject({ name: "demo", status: "active" });
    expect(first.user?.vlessLinks).toHaveLength(2);
    expect(
      await verifyPassword({ user: await findSignInUser(name), password: password ?? "" }),
    ).toMatchObject({ role: "owner" });
    expect(await verifyToken({ tokenHash: Uint8Array.from(Buffer.alloc(32, 0xab)) })).toMatchObject({
      user: null,
    });
    const trail = await trailOf(platform.db, async () => {
      const second = await provision({ ctx: systemContext(), input });
      expect(second).toEqual({ owner: { name: "owner", password: null }, user: first.user });
    });
    expect(trail).toMatchObject({ audit: [], changes: [] });
  });

  it("never brings a deleted demo user back", async () => {
    await deleteUser({ ctx: cliContext(), ref: "demo" });
    expect(await provision({ ctx: systemContext(), input })).toMatchObject({ user: null });
  });

  it("counts as the first run until the owner has a password", async () => {
    await platform.db.user.updateMany({ data: { passwordHash: null } });
    const { owner, user } = await provision({ ctx: systemContext(), input });
    expect(owner.password).not.toBeNull();
    expect(user).not.toBeNull();
  });
});

describe("the program", () => {
  const dir = mkdtempSync(join(tmpdir(), "causeway-provision-"));
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text, { mode: 0o600 });
    return join(dir, name);
  };
  let env: NodeJS.ProcessEnv;
  beforeAll(async () => {
    const { inject } = await import("vitest");
    const database = await (await fetch(`${inject("servicesUrl")}/database`)).text();
    env = {
      PATH: process.env.PATH,
      NODE_NO_WARNINGS: "1",
      DATABASE_URL_FILE: file("database-url", database),
      REDIS_URL_FILE: file("redis-url", platform.redisUrl),
      MASTER_KEY_FILE: file("master-key", randomBytes(32).toString("base64")),
      PANEL_URL: "https://panel.test",
      HTTP_PROXY_ADDRESS: "panel.test:8888",
      SOCKS_PROXY_ADDRESS: "panel.test:1080",
    } as unknown as NodeJS.ProcessEnv;
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const run = (text: string) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const main = fileURLToPath(new URL("./main.ts", import.meta.url));
      const child = execFile(process.execPath, [main], { env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
      child.stdin?.end(text);
    });

  it("answers one JSON line, and one line of words when it cannot", async () => {
    const good = await run(JSON.stringify(input));
    expect(good).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(good.stdout)).toMatchObject({ owner: { name: "owner" }, user: { name: "demo" } });
    const bad = await run("{}");
    expect(bad).toMatchObject({ code: 1, stdout: "" });
    expect(bad.stderr).toMatch(/^Provisioning failed: wrong input: owner: .*\n$/);
  });
});
