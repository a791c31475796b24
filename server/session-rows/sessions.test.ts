import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sessionSchema } from "#lib/schemas/session.ts";
import { sha256Hex } from "#server/crypto.ts";
import { createSession } from "#server/session-rows/create-session.ts";
import { findSession } from "#server/session-rows/find-session.ts";
import { listSessions } from "#server/session-rows/list-sessions.ts";
import { revokeAllSessions } from "#server/session-rows/revoke-all-sessions.ts";
import { revokeSession } from "#server/session-rows/revoke-session.ts";
import { touchSession } from "#server/session-rows/touch-session.ts";
import { disableUser } from "#server/users/disable-user.ts";
import { cliContext, preparePlatform, userContext } from "#test/database.ts";
import { makeUser, trailOf } from "#test/made.ts";

const platform = preparePlatform();
const MINUTE_MS = 60_000;

async function signedIn(user?: { id: string; name: string }) {
  const owner = user ?? (await makeUser());
  const idHash = sha256Hex(randomBytes(8).toString("hex"));
  const { id } = await createSession({
    idHash,
    user: { id: owner.id, name: owner.name, role: "user" },
    host: "panel.test",
    ip: "192.0.2.1",
    userAgent: "test ".repeat(100),
    expiresAt: new Date(Date.now() + MINUTE_MS),
    requestId: "test",
  });
  return { id, idHash, owner, ctx: userContext({ ...owner, role: "user", sessionId: id }) };
}

describe("a session", () => {
  it("is found until it expires, is revoked, or its user is disabled", async () => {
    const session = await signedIn();
    expect(await findSession({ idHash: session.idHash })).toMatchObject({
      userId: session.owner.id,
      host: "panel.test",
      user: { name: session.owner.name, role: "user" },
    });
    expect(await findSession({ idHash: session.idHash, now: Date.now() + MINUTE_MS })).toBeNull();
    expect(await findSession({ idHash: "00".repeat(32) })).toBeNull();
    await disableUser({ ctx: cliContext(), ref: session.owner.id });
    expect(await findSession({ idHash: session.idHash })).toBeNull();
  });

  it("leaves an audit row when it begins", async () => {
    const user = await makeUser();
    const { audit } = await trailOf(platform.db, () => signedIn(user));
    expect(audit).toEqual([{ action: "session.create", targetName: user.name }]);
  });

  it("is never revived by a renewal", async () => {
    const { id, idHash, ctx } = await signedIn();
    const renewal = { id, seenAt: new Date(), expiresAt: new Date(Date.now() + 2 * MINUTE_MS) };
    expect(await touchSession(renewal)).toBe(true);
    await revokeSession({ ctx, id });
    expect(await touchSession(renewal)).toBe(false);
    expect(await findSession({ idHash })).toBeNull();
  });
});

describe("revokeSession", () => {
  it("leaves its audit row and a change row with the hash, once", async () => {
    const { id, idHash, ctx } = await signedIn();
    const trail = await trailOf(platform.db, () => revokeSession({ ctx, id }));
    expect(trail.audit).toMatchObject([{ action: "session.revoke" }]);
    expect(trail.changes).toEqual([{ kind: "session", ids: [idHash] }]);
    expect((await trailOf(platform.db, () => revokeSession({ ctx, id }))).changes).toEqual([]);
  });

  it("refuses another's session and actors that are no person", async () => {
    const [mine, foreign] = [await signedIn(), await signedIn()];
    await expect(revokeSession({ ctx: mine.ctx, id: foreign.id })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(revokeSession({ ctx: cliContext(), id: foreign.id })).rejects.toMatchObject({
      code: "FORBIDDEN",
    });
    expect(await findSession({ idHash: foreign.idHash })).not.toBeNull();
  });
});

it("lists and ends the own sessions only", async () => {
  const first = await signedIn();
  const second = await signedIn(first.owner);
  const foreign = await signedIn();
  const items = sessionSchema.array().parse(await listSessions({ ctx: second.ctx }));
  expect(items.map(({ id, isCurrent }) => [id, isCurrent])).toEqual(
    expect.arrayContaining([
      [second.id, true],
      [first.id, false],
    ]),
  );
  expect(items).toHaveLength(2);
  const trail = await trailOf(platform.db, () => revokeAllSessions({ ctx: second.ctx }));
  expect(trail.changes).toEqual([
    { kind: "session", ids: expect.arrayContaining([first.idHash, second.idHash]) },
  ]);
  expect(await listSessions({ ctx: second.ctx })).toEqual([]);
  expect(await findSession({ idHash: foreign.idHash })).not.toBeNull();
});
