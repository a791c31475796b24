import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { changesSchema, replicaHeaderSchema, replicaUserSchema } from "#lib/schemas/internal.ts";
import { findReplicaUser } from "#server/changes/find-replica-user.ts";
import { readChanges } from "#server/changes/read-changes.ts";
import { readReplica } from "#server/changes/read-replica.ts";
import { recordChange } from "#server/changes/record-change.ts";
import { deleteUser } from "#server/users/delete-user.ts";
import { disableUser } from "#server/users/disable-user.ts";
import { cliContext, preparePlatform } from "#test/database.ts";
import { makeUser } from "#test/made.ts";

const platform = preparePlatform();

describe("the replica", () => {
  it("holds every user as of its revision, with a proxy hash that proxy-auth can check by itself", async () => {
    const user = await makeUser({ limitBytes: 1_000, expiresAt: "2030-01-02T03:04:05.678Z" });
    const { header, users } = await readReplica();
    replicaHeaderSchema.parse(header);
    replicaUserSchema.array().parse(users);
    expect(header.users).toBe(users.length);
    const row = users.find((candidate) => candidate.id === user.id);
    const key = Buffer.from(header.proxyPasswordKey, "base64");
    expect(row).toMatchObject({
      name: user.name,
      status: "active",
      limitBytes: 1_000,
      usedBytes: 0,
      expiresAt: Date.UTC(2030, 0, 2, 3, 4, 5, 678),
      proxyHash: createHmac("sha256", key).update(user.proxy.password).digest("base64"),
    });
    expect(await findReplicaUser({ name: user.name })).toEqual({ revision: header.revision, user: row });
    expect(await findReplicaUser({ name: "nobody" })).toMatchObject({ user: null });
  });
});

it("is the same replica whatever the size of its pages", async () => {
  await Promise.all(Array.from({ length: 40 }, () => makeUser()));
  const whole = await readReplica();
  expect(new Set(whole.users.map((user) => user.id)).size).toBe(await platform.db.user.count());
  for (const pageSize of [1, 7, 40, whole.users.length])
    expect(await readReplica({ pageSize })).toEqual(whole);
});

describe("the feed", () => {
  it("answers what changed after a revision, as it is now", async () => {
    const [ada, eve] = [await makeUser(), await makeUser()];
    const { header } = await readReplica();
    await disableUser({ ctx: cliContext(), ref: ada.id });
    await deleteUser({ ctx: cliContext(), ref: eve.id });
    const changes = changesSchema.parse(await readChanges({ after: header.revision }));
    expect(changes).toMatchObject({ revision: header.revision + 2, isPruned: false });
    expect(changes.users).toEqual([
      { id: ada.id, user: expect.objectContaining({ status: "disabled" }) },
      { id: eve.id, user: null },
    ]);
    expect(await readChanges({ after: changes.revision })).toMatchObject({ isPruned: false, users: [] });
  });

  it("names ended sessions and revoked tokens", async () => {
    const { header } = await readReplica();
    const token = crypto.randomUUID();
    await platform.db.$transaction((tx) => recordChange(tx, "session", ["ab".repeat(32)]));
    await platform.db.$transaction((tx) => recordChange(tx, "token", [token]));
    expect(await readChanges({ after: header.revision })).toMatchObject({
      endedSessions: ["ab".repeat(32)],
      revokedTokens: [token],
    });
  });

  it("sends to the replica who is ahead, behind what was pruned, or when everybody changed", async () => {
    const { header } = await readReplica();
    await makeUser();
    await makeUser();
    expect(await readChanges({ after: header.revision + 100 })).toMatchObject({ isPruned: true });
    await platform.db.change.deleteMany({ where: { id: { lte: header.revision + 1 } } });
    expect(await readChanges({ after: header.revision })).toMatchObject({ isPruned: true });
    expect(await readChanges({ after: header.revision + 1 })).toMatchObject({ isPruned: false });
    await platform.db.$transaction((tx) => recordChange(tx, "user", []));
    expect(await readChanges({ after: header.revision + 2 })).toMatchObject({ isPruned: true });
  });

  it("never shows a revision before all earlier ones are there, however many write at once", async () => {
    const start = (await readReplica()).header.revision;
    const seen = new Set<string>();
    let after = start;
    let isWriting = true;
    const reader = (async () => {
      while (isWriting || after < start + 40) {
        const changes = await readChanges({ after });
        for (const id of changes.endedSessions) seen.add(id);
        after = changes.revision;
      }
    })();
    const ids = Array.from({ length: 40 }, (_, index) => `session-${index}`);
    await Promise.all(
      ids.map((id) =>
        platform.db.$transaction(
          async (tx) => {
            await tx.$executeRaw`SELECT pg_sleep(random() * 0.01)`;
            await recordChange(tx, "session", [id]);
          },
          { maxWait: 20_000 },
        ),
      ),
    );
    isWriting = false;
    await reader;
    expect([...seen].sort()).toEqual([...ids].sort());
  });
});
